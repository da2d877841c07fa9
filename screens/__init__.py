"""What a member sees and touches: renders a view, sends back events. Knows no device, no wire, no rule of a journey."""
