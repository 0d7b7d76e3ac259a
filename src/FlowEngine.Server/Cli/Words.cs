using FlowEngine.Settings;

namespace FlowEngine.Server.Cli;

/// <summary>Stateless: words that several commands print.</summary>
internal static class Words
{
    /// <summary>A number of things, such as <c>1 case</c> and <c>2 cases</c>.</summary>
    public static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";

    /// <summary>Says that there is no such command or option, and which was probably meant; null when that is not what is wrong.</summary>
    /// <param name="token">What was written and is not known.</param>
    /// <param name="commands">The commands that can stand there.</param>
    /// <param name="options">The options that can stand there.</param>
    public static string? Unknown(string token, IReadOnlyCollection<string> commands, IReadOnlyCollection<string> options)
    {
        var isOption = token.StartsWith('-');
        var known = isOption ? options : commands;
        if (known.Count == 0)
            return null;
        var name = isOption ? token.Split('=')[0] : token;
        return $"There is no {(isOption ? "option" : "command")} '{name}'. {Suggestion.For(name, known)}".TrimEnd();
    }
}
