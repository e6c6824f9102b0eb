"""Small strict servers on loopback that speak products' documented APIs."""
