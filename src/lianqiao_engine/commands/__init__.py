"""The engine as plain commands: files in, files out."""
