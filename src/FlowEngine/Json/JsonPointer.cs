using System.Globalization;
using System.Text;

namespace FlowEngine.Json;

/// <summary>JSON Pointers (RFC 6901): places in a JSON document, as text. Stateless.</summary>
public static class JsonPointer
{
    /// <summary>The whole document.</summary>
    public const string Root = "";

    /// <summary>The place of a member of the object at a place.</summary>
    public static string At(string pointer, string name) => $"{pointer}/{Escape(name)}";

    /// <summary>The place of an element of the array at a place.</summary>
    public static string At(string pointer, int index) => string.Create(CultureInfo.InvariantCulture, $"{pointer}/{index}");

    /// <summary>Goes on to a member of the object at a place.</summary>
    internal static void Append(StringBuilder pointer, string name) => pointer.Append('/').Append(Escape(name));

    /// <summary>Goes on to an element of the array at a place.</summary>
    internal static void Append(StringBuilder pointer, int index) => pointer.Append('/').Append(CultureInfo.InvariantCulture, $"{index}");

    /// <summary>The names and indexes that lead to a place, from the outside in; none for the whole document, and for a text that is no
    /// pointer.</summary>
    public static IReadOnlyList<string> Segments(string pointer) =>
        pointer.StartsWith('/') ? Array.ConvertAll(pointer[1..].Split('/'), Unescape) : [];

    private static string Escape(string name) =>
        name.AsSpan().IndexOfAny('~', '/') < 0
            ? name
            : name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string Unescape(string segment) =>
        segment.Contains('~', StringComparison.Ordinal)
            ? segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)
            : segment;
}
