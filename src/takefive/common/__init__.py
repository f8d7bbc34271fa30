"""What every stage may use: errors, the guarded HTTP client, text and time. Knows no stage."""
