using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Screens;

/// <summary>The types of screen components (SPEC 11).</summary>
public enum ComponentType
{
    /// <summary>A paragraph or heading.</summary>
    Text,

    /// <summary>A picture.</summary>
    Image,

    /// <summary>A link: an outcome when it has an id, otherwise a way to another page.</summary>
    Link,

    /// <summary>A line between parts.</summary>
    Divider,

    /// <summary>Where the error message of the last attempt stands.</summary>
    ErrorMessage,

    /// <summary>A line of text.</summary>
    TextInput,

    /// <summary>An e-mail address.</summary>
    EmailInput,

    /// <summary>A telephone number in E.164 form.</summary>
    PhoneInput,

    /// <summary>A password: its value is sensitive.</summary>
    PasswordInput,

    /// <summary>A one-time code: its value is sensitive.</summary>
    CodeInput,

    /// <summary>Yes or no.</summary>
    Checkbox,

    /// <summary>One of several options.</summary>
    Select,

    /// <summary>A button: an outcome.</summary>
    Button,
}

/// <summary>Bound once at compile time, then read only: a component of a screen.</summary>
public sealed class ComponentSettings
{
    /// <summary>The type.</summary>
    [Setting(
        "What kind of component it is.",
        Required = true,
        Choices = [
            "Text",
            "Image",
            "Link",
            "Divider",
            "ErrorMessage",
            "TextInput",
            "EmailInput",
            "PhoneInput",
            "PasswordInput",
            "CodeInput",
            "Checkbox",
            "Select",
            "Button",
        ]
    )]
    public string Type { get; set; } = "";

    /// <summary>The outcome of a Button or Link.</summary>
    [Setting("The name of the outcome that pressing it takes: connections leave the screen by it.")]
    public string Id { get; set; } = "";

    /// <summary>The input's name under <c>form</c>.</summary>
    [Setting("The input's name under form.")]
    public string Name { get; set; } = "";

    /// <summary>The input's label.</summary>
    [Setting("The label of an input.")]
    public Template Label { get; set; } = Template.Empty;

    /// <summary>The text of a Text, Link, ErrorMessage or Button.</summary>
    [Setting("The text that is shown.")]
    public Template Text { get; set; } = Template.Empty;

    /// <summary>How a Text looks.</summary>
    [Setting("How a Text or Button looks.", Choices = ["title", "subtitle", "body", "caption", "primary", "secondary"])]
    public string Variant { get; set; } = "";

    /// <summary>The hint in an empty input.</summary>
    [Setting("The hint in an empty input.")]
    public Template Placeholder { get; set; } = Template.Empty;

    /// <summary>The value that an input starts with.</summary>
    [Setting("The value that an input starts with.")]
    public Template Default { get; set; } = Template.Empty;

    /// <summary>Whether an input must be filled in.</summary>
    [Setting("Whether the input must be filled in.")]
    public bool Required { get; set; }

    /// <summary>The least number of characters.</summary>
    [Setting("The least number of characters.", Minimum = 0, Maximum = 10_000, Unit = "characters")]
    public int MinLength { get; set; }

    /// <summary>The greatest number of characters.</summary>
    [Setting("The greatest number of characters.", Minimum = 1, Maximum = 10_000, Unit = "characters")]
    public int MaxLength { get; set; } = 10_000;

    /// <summary>A regular expression that the whole input must match.</summary>
    [Setting("A regular expression that the whole input must match.")]
    public string Pattern { get; set; } = "";

    /// <summary>The options of a Select.</summary>
    [Setting("The options of a Select.")]
    public IReadOnlyList<OptionSettings> Options { get; set; } = [];

    /// <summary>Where a Link without an id leads.</summary>
    [Setting("Where a Link without an id leads.")]
    public Template Href { get; set; } = Template.Empty;

    /// <summary>The address of an Image.</summary>
    [Setting("The address of an Image.")]
    public Template Src { get; set; } = Template.Empty;

    /// <summary>What an Image shows, for those who cannot see it.</summary>
    [Setting("What an Image shows, for people who cannot see it.")]
    public Template Alt { get; set; } = Template.Empty;
}

/// <summary>Bound once at compile time, then read only: an option of a Select.</summary>
public sealed class OptionSettings
{
    /// <summary>The value under <c>form</c>.</summary>
    [Setting("The value under form.", Required = true)]
    public string Value { get; set; } = "";

    /// <summary>The text that is shown.</summary>
    [Setting("The text that is shown.")]
    public string Text { get; set; } = "";
}
