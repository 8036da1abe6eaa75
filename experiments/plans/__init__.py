"""What to run: plan files, factors, designs and the variants that they make."""
