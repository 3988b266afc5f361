"""The matching engine of Lianqiao: values in, values out; no Django and no database."""
