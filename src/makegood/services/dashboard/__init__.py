"""What a manager looks at (SOP 4.3): what is short by SKU and by order, who waits for it, what needs a person."""
