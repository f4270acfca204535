"""How fast the product is, and what it survives: a seed, a floor to compare with, a runner and a killer."""
