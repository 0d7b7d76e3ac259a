using System.Text.RegularExpressions;
using FlowEngine.Conditions;
using FlowEngine.Context;

namespace FlowEngine.Screens;

/// <summary>Shared and immutable: a component of a compiled screen.</summary>
public sealed class ScreenComponent
{
    private readonly Regex? _pattern;
    private readonly bool _isCode;

    internal ScreenComponent(ComponentSettings settings, ComponentType type, Regex? pattern, bool isCode = false)
    {
        _isCode = isCode;
        Settings = settings;
        Type = type;
        _pattern = pattern;
    }

    /// <summary>The settings. They must not be changed.</summary>
    public ComponentSettings Settings { get; }

    /// <summary>The type.</summary>
    public ComponentType Type { get; }

    /// <summary>Whether a person enters something.</summary>
    public bool IsInput => Type is >= ComponentType.TextInput and <= ComponentType.Select;

    /// <summary>Whether it is an outcome of the screen.</summary>
    public bool IsInteraction => Type is ComponentType.Button or ComponentType.Link && Settings.Id.Length > 0;

    /// <summary>Whether what is entered is a secret: a password, a code, or what a code is compared with.</summary>
    public bool IsSensitive => _isCode || Type is ComponentType.PasswordInput or ComponentType.CodeInput;

    /// <summary>Checks and converts what was entered.</summary>
    /// <returns>What is wrong, in words for the person, or null.</returns>
    internal string? Accept(ref FlowValue value)
    {
        if (Type == ComponentType.Checkbox)
        {
            var isChecked = value.TryGetBoolean(out var boolean) ? boolean : value.ToText() is "on" or "true" or "1";
            value = FlowValue.From(isChecked);
            return Settings.Required && !isChecked ? $"{Caption} must be checked." : null;
        }

        if (value.Kind is FlowValueKind.Array or FlowValueKind.Object)
            return $"{Caption} must be a text.";

        var text = value.ToText();
        if (Type is ComponentType.EmailInput or ComponentType.PhoneInput or ComponentType.CodeInput)
            text = text.Trim();
        if (!value.IsNothing)
            value = FlowValue.From(text).WithSensitive(IsSensitive || value.IsSensitive);

        if (text.Length == 0)
            return Settings.Required ? $"{Caption} is required." : null;
        if (text.Length < Settings.MinLength)
            return $"{Caption} must have at least {Settings.MinLength} characters.";
        if (text.Length > Settings.MaxLength)
            return $"{Caption} must have at most {Settings.MaxLength} characters.";

        return Type switch
        {
            ComponentType.EmailInput when !ContactFormats.IsEmail(text) => $"{Caption} is not a valid e-mail address.",
            ComponentType.PhoneInput when !ContactFormats.IsPhone(text) =>
                $"{Caption} is not a valid phone number; write it as +49301234567.",
            ComponentType.Select when !Settings.Options.Any(option => option.Value == text) => $"{Caption} has no such option.",
            // Every input but a Select is one line. Browsers send none of these in a
            // line, and databases find the same row by a text with them and without.
            not ComponentType.Select when text.Any(char.IsControl) => $"{Caption} must not contain control characters.",
            _ when _pattern?.IsMatch(text) == false => $"{Caption} does not have the right form.",
            _ => null,
        };
    }

    private string Caption =>
        Settings.Label.IsLiteral && Settings.Label.LiteralText.Length > 0 ? Settings.Label.LiteralText : Settings.Name;
}
