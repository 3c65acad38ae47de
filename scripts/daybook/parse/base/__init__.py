"""Shared types of the parser, and decoding of bytes to text lines.

- `page`: the types that are passed between the parsing steps
- `decode`: bytes to text, text to numbered lines
"""
