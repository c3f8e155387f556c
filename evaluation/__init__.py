"""What a fused picture and a segmentation are worth: metrics, benchmarks and their command line."""
