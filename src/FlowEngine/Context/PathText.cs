using System.Globalization;

namespace FlowEngine.Context;

/// <summary>How parts of paths of the context are written, such as <c>.profile</c>, <c>[0]</c> and <c>["x-region"]</c>; what
/// <see cref="Templates.ContextPath"/> reads. Stateless.</summary>
public static class PathText
{
    /// <summary>A member as it stands behind a path.</summary>
    public static string Member(string name) => IsName(name) ? "." + name : InBrackets(name);

    /// <summary>A member in brackets: any name can stand there.</summary>
    public static string InBrackets(string name) =>
        $"[\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"]";

    /// <summary>An element as it stands behind a path.</summary>
    public static string Element(int index) => string.Create(CultureInfo.InvariantCulture, $"[{index}]");

    /// <summary>Whether a path is another one, or leads on from there.</summary>
    internal static bool IsBelow(string path, string other) =>
        path.StartsWith(other, StringComparison.Ordinal) && (path.Length == other.Length || path[other.Length] is '.' or '[');

    /// <summary>Whether a character can stand in a name without brackets.</summary>
    internal static bool IsNameCharacter(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '$' or '@' or ':';

    private static bool IsName(string name) => name.Length > 0 && name.All(IsNameCharacter);
}
