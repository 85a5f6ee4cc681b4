"""Random small projects, composed of the shapes that the plugin claims to understand.

Each module has the shapes of one topic, as templates of source text. Words in capitals stand for
what another topic gives: `USE` for the function under test, `BUILD` for an expression that makes a
client, `HERE` for the statements within a block. Comments in the text `# doubt: reason` mark from
where on in a function the plugin may be silent about what certainly happens.
"""
