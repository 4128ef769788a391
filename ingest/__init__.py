"""From department feeds to the register; and the made-up district to try everything on."""
