"""What only this room may import."""
