using System.CommandLine;

namespace FlowEngine.Server.Cli;

/// <summary>Shared and immutable: the output formats, and the option that chooses one.</summary>
internal static class Formats
{
    public const string Text = "text";
    public const string Json = "json";
    public const string GitHub = "github";

    /// <summary><c>--format</c>, by default text.</summary>
    public static Option<string> Option(params string[] formats)
    {
        var option = new Option<string>("--format")
        {
            Description = "How the result is written.",
            HelpName = string.Join('|', formats),
            DefaultValueFactory = _ => Text,
        };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }
}
