namespace FlowEngine.Screens.Components;

/// <summary>Bound once at compile time, then shared and immutable: a line of text.</summary>
[Component(
    "TextInput",
    "A line of text.",
    Icon = "text-cursor-input",
    New = """{ "name": "text", "label": "Text" }""",
    Sample = "\"Sample\""
)]
public sealed record TextInput : LineInput;
