using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace FlowEngine.HttpConnector.Wire.Tls;

/// <summary>Stateless: keys and certificates as text (RFC 7468), as they come out of forms and environment variables: without line breaks,
/// or with <c>\n</c> in their place.</summary>
internal static partial class Pem
{
    public static bool IsPem(string text) => text.Contains("-----BEGIN ", StringComparison.Ordinal);

    /// <summary>The text with each boundary on a line of its own.</summary>
    public static string Normalize(string text) =>
        Boundary().Replace(text.Replace("\\n", "\n", StringComparison.Ordinal), match => $"\n{match.Value}\n").Trim();

    /// <summary>What has to be masked of a key: the text, its content without line breaks, and each of its lines.</summary>
    public static IEnumerable<string> SecretFormsOf(string text)
    {
        if (text.Length == 0)
            yield break;
        yield return text;
        if (!IsPem(text))
            yield break;
        var lines = Normalize(text).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var content = lines.Where(line => !line.StartsWith('-')).ToList();
        yield return string.Concat(content);
        foreach (var line in content)
            yield return line;
    }

    /// <summary>The first block of a label, or of one that ends so.</summary>
    /// <exception cref="FormatException">It is not base64.</exception>
    public static bool TryFind(
        string normalized,
        string labelEnd,
        [NotNullWhen(true)] out string? label,
        [NotNullWhen(true)] out byte[]? content
    )
    {
        var rest = normalized.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            label = rest[fields.Label].ToString();
            if (label.EndsWith(labelEnd, StringComparison.Ordinal))
            {
                content = Convert.FromBase64String(rest[fields.Base64Data].ToString());
                return true;
            }
            rest = rest[fields.Location.End..];
        }
        (label, content) = (null, null);
        return false;
    }

    [GeneratedRegex("-----(?:BEGIN|END) [A-Z0-9 ]{1,40}-----", RegexOptions.CultureInvariant)]
    private static partial Regex Boundary();
}
