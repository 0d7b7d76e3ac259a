using System.Diagnostics.CodeAnalysis;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Signing;

/// <summary>
/// Shared and immutable. What a signature covers, and in which order: the value of the header <c>x-descope-signature-template</c>, such
/// as <c>METHOD,URI,HEADER_x-descope-timestamp,BODY</c>.
/// </summary>
public sealed class SignatureTemplate
{
    private const string HeaderPrefix = "HEADER_";

    // Written or changed after signing, or the signature itself: a receiver could never verify them.
    private static readonly HashSet<string> Unsignable = new(StringComparer.OrdinalIgnoreCase)
    {
        HmacSignature.SignatureHeader,
        "connection",
        "transfer-encoding",
        "expect",
        "upgrade",
        "te",
        "trailer",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "traceparent",
        "tracestate",
        "baggage",
    };

    private SignatureTemplate(IReadOnlyList<SignatureElement> elements) => Elements = elements;

    /// <summary>The elements, in the order in which they are signed.</summary>
    public IReadOnlyList<SignatureElement> Elements { get; }

    /// <summary>Parses a template. Spaces around the commas are tolerated;
    /// element names are case-sensitive, header names are not.</summary>
    /// <param name="text">The template.</param>
    /// <returns>The template.</returns>
    /// <exception cref="FormatException">The template is empty or has an unknown element; the message names it.</exception>
    public static SignatureTemplate Parse(string text) =>
        TryParse(text, out var template, out var problem) ? template : throw new FormatException(problem);

    /// <summary>Parses a template without throwing.</summary>
    /// <param name="text">The template.</param>
    /// <param name="template">The template, when true is returned.</param>
    /// <param name="problem">What is wrong and what to do, when false is returned.</param>
    /// <returns>True when the text is a template.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SignatureTemplate? template, [NotNullWhen(false)] out string? problem)
    {
        template = null;
        var elements = new List<SignatureElement>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            if (ParseElement(part, out var bad) is not { } element)
            {
                problem = bad ?? "";
                return false;
            }
            elements.Add(element);
        }

        (template, problem) = (new(elements), null);
        return true;
    }

    /// <summary>Whether a header is made or changed after requests are signed.</summary>
    internal static bool IsMadeLater(string name) => Unsignable.Contains(name);

    private static SignatureElement? ParseElement(string text, out string? problem)
    {
        problem = null;
        if (text == "METHOD")
            return new(SignaturePart.Method);
        if (text == "URI")
            return new(SignaturePart.Uri);
        if (text == "BODY")
            return new(SignaturePart.Body);

        if (text.StartsWith(HeaderPrefix, StringComparison.Ordinal) && RequestHeaders.IsToken(text.AsSpan(HeaderPrefix.Length)))
        {
            var name = text[HeaderPrefix.Length..];
            if (!Unsignable.Contains(name))
                return new(SignaturePart.Header, name);
            problem = $"The signature template cannot cover the header '{name}', which is made after the signature. Remove it.";
            return null;
        }

        problem =
            text.Length == 0
                ? "The signature template has an empty element. Separate METHOD, URI, HEADER_<name> and BODY by single commas."
                : $"The signature template has an unknown element '{text}'. Use METHOD, URI, HEADER_<name> and BODY.";
        return null;
    }
}
