"""What models learned, as named numbers and arrays, and how those of two models differ."""
