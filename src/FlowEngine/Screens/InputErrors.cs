using FlowEngine.Errors;

namespace FlowEngine.Screens;

/// <summary>Shared and immutable: what can be wrong with an input. The meaning of each is the sentence that people read, and the key of
/// its translations.</summary>
public static class InputErrors
{
    /// <summary>A box that has to be checked.</summary>
    public static readonly ErrorCode Unchecked = new("input.unchecked", "{{label}} must be checked.", "Check the box.");

    /// <summary>An object or an array in the place of a text.</summary>
    public static readonly ErrorCode Text = new("input.text", "{{label}} must be a text.", "Send a text, a number or a boolean.");

    /// <summary>Nothing was entered.</summary>
    public static readonly ErrorCode Required = new("input.required", "{{label}} is required.", "Fill it in.");

    /// <summary>Too few characters.</summary>
    public static readonly ErrorCode MinLength = new(
        "input.min_length",
        "{{label}} must have at least {{count}} characters.",
        "Enter more characters."
    );

    /// <summary>Too many characters.</summary>
    public static readonly ErrorCode MaxLength = new(
        "input.max_length",
        "{{label}} must have at most {{count}} characters.",
        "Enter fewer characters."
    );

    /// <summary>No e-mail address.</summary>
    public static readonly ErrorCode Email = new(
        "input.email",
        "{{label}} is not a valid e-mail address.",
        "Enter an address such as ada@example.com."
    );

    /// <summary>No telephone number.</summary>
    public static readonly ErrorCode Phone = new(
        "input.phone",
        "{{label}} is not a valid phone number; write it as +49301234567.",
        "Enter it in E.164 form."
    );

    /// <summary>None of the options.</summary>
    public static readonly ErrorCode Option = new("input.option", "{{label}} has no such option.", "Choose one of the options.");

    /// <summary>Control characters in a line.</summary>
    public static readonly ErrorCode Control = new(
        "input.control",
        "{{label}} must not contain control characters.",
        "Leave line breaks and other control characters out."
    );

    /// <summary>A button that was pressed before it could be.</summary>
    public static readonly ErrorCode TooEarly = new(
        "input.too_early",
        "Please wait {{count}} s, then press “{{label}}” again.",
        "Wait until the time of the button's enabledAt."
    );

    /// <summary>A new password that is guessed soon.</summary>
    public static readonly ErrorCode TooWeak = new(
        "input.too_weak",
        "{{label}} is too easy to guess. Several words that do not belong together are better.",
        "Choose a longer one, without names, dates, keyboard rows and common passwords."
    );

    /// <summary>Another form than the pattern asks for.</summary>
    public static readonly ErrorCode Pattern = new(
        "input.pattern",
        "{{label}} does not have the right form.",
        "Enter what the input's pattern describes."
    );

    /// <summary>All of them, in the order declared.</summary>
    public static IReadOnlyList<ErrorCode> All { get; } = ErrorCatalogue.Of(typeof(InputErrors));

    /// <summary>The code among those of a component, then among these; null for one that nobody has.</summary>
    internal static ErrorCode? Find(string code, IEnumerable<ErrorCode> own) => own.Concat(All).FirstOrDefault(error => error.Code == code);
}
