"""Text as people typed, copied or damaged it, made comparable."""
