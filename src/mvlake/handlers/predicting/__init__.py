"""What two models predict for the same rows, compared: labels, numbers, scores, calibration, slices."""
