"""What customers are asked by mail, what they answer, and what an answer, or none, comes to."""
