using System.Diagnostics.CodeAnalysis;
using System.Text;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Signing;

/// <summary>Shared and immutable: a part of a request that a message signature covers (RFC 9421 section 2), as a setting names it:
/// <c>@method</c>, <c>content-type</c>, <c>@query-param;name="page"</c>, <c>x-dates;bs</c>, <c>priority;key="u"</c>.</summary>
internal sealed class SignatureComponent
{
    private static readonly string[] Derived = ["@method", "@target-uri", "@authority", "@scheme", "@request-target", "@path", "@query"];

    private const string QueryParam = "@query-param";

    private SignatureComponent(string name, params IEnumerable<string> parameters) =>
        (Name, Identifier) = (name, $"\"{name}\"" + string.Concat(parameters.Select(parameter => ";" + parameter)));

    /// <summary>In lower case.</summary>
    public string Name { get; }

    /// <summary>Which parameter of the query it is, percent-encoded as RFC 9421 section 2.2.8 says; null for everything else.</summary>
    public string? Parameter { get; private init; }

    /// <summary>Whether each value of the header is wrapped as a byte sequence (<c>bs</c>).</summary>
    public bool IsBinary { get; private init; }

    /// <summary>Whether the header is a structured field that is written anew (<c>sf</c>).</summary>
    public bool IsStrict { get; private init; }

    /// <summary>Which member of the header, a dictionary, it is (<c>key</c>); null for all of it.</summary>
    public string? Key { get; private init; }

    /// <summary>As it stands in the signature base and in <c>signature-input</c>.</summary>
    public string Identifier { get; }

    public bool IsHeader => Name[0] != '@';

    /// <summary>Reads one.</summary>
    /// <param name="text">As a setting names it; the name may stand in quotes.</param>
    /// <param name="component">The component.</param>
    /// <param name="problem">What is wrong, and what to do.</param>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out SignatureComponent? component,
        [NotNullWhen(false)] out string? problem
    )
    {
        var parts = text.Split(';', StringSplitOptions.TrimEntries);
        var name = Unquote(parts[0]).ToLowerInvariant();
        (component, problem) = name.StartsWith('@') ? OfRequest(name, parts[1..]) : OfHeader(name, parts[1..]);
        problem ??= component is null ? $"'{text}' is no component." : null;
        return component is not null;
    }

    private static (SignatureComponent?, string?) OfRequest(string name, string[] parameters)
    {
        if (name == QueryParam)
            return
                parameters is [var only]
                && only.StartsWith("name=", StringComparison.Ordinal)
                && Unquote(only["name=".Length..]) is { Length: > 0 } parameter
                ? (OfQuery(EncodeParameter(Uri.UnescapeDataString(parameter))), null)
                : (null, $"'{QueryParam}' needs the parameter that it stands for: {QueryParam};name=\"page\".");
        if (!Derived.Contains(name))
            return (
                null,
                $"'{name}' is no component of a request. Use {string.Join(", ", Derived)}, {QueryParam} or the name of a header."
            );
        return parameters.Length == 0 ? (new SignatureComponent(name), null)
            : parameters.Select(WhyNever).FirstOrDefault(why => why is not null) is { } never ? (null, never)
            : (null, $"'{name}' takes no parameters.");
    }

    private static SignatureComponent OfQuery(string parameter) => new(QueryParam, $"name=\"{parameter}\"") { Parameter = parameter };

    private static (SignatureComponent?, string?) OfHeader(string name, string[] parameters)
    {
        if (!RequestHeaders.IsToken(name))
            return (null, $"'{name}' is neither a component of a request nor the name of a header.");
        if (
            (SignatureTemplate.IsMadeLater(name) && name != HmacSignature.SignatureHeader)
            || name is MessageSigner.InputHeader or MessageSigner.SignatureHeader
        )
            return (null, $"The header '{name}' is made after the signature. Remove it.");
        return WithParameters(name, parameters);
    }

    private static (SignatureComponent?, string?) WithParameters(string name, string[] parameters)
    {
        foreach (var parameter in parameters)
        {
            if (WhyNever(parameter) is { } never)
                return (null, never);
            if (parameter is not ("sf" or "bs") && KeyIn(parameter) is null)
                return (null, $"Of the parameters of a header, 'sf', 'key=\"…\"' and 'bs' are known; '{name}' has '{parameter}'.");
        }
        var key = parameters.Select(KeyIn).FirstOrDefault(found => found is not null);
        var (isStrict, isBinary) = (parameters.Contains("sf"), parameters.Contains("bs"));
        if (parameters.Select(parameter => parameter.Split('=')[0]).Distinct().Count() != parameters.Length)
            return (null, $"'{name}' has a parameter twice.");
        if (isBinary && (isStrict || key is not null))
            return (null, $"'bs' takes the bytes of '{name}' as they are, 'sf' and 'key' what they mean: use one of them.");
        return (
            new SignatureComponent(name, parameters.Select(parameter => KeyIn(parameter) is { } member ? $"key=\"{member}\"" : parameter))
            {
                IsStrict = isStrict,
                IsBinary = isBinary,
                Key = key,
            },
            null
        );
    }

    /// <summary>The key of a dictionary's member that a parameter names; null for another parameter.</summary>
    private static string? KeyIn(string parameter) =>
        parameter.StartsWith("key=", StringComparison.Ordinal)
        && Unquote(parameter["key=".Length..]) is var key
        && StructuredField.IsKey(key)
            ? key
            : null;

    /// <summary>Why a parameter of RFC 9421 cannot be covered by any request that is sent here.</summary>
    private static string? WhyNever(string parameter) =>
        parameter switch
        {
            "tr" => "'tr' covers a trailer, and requests are sent without trailers. Remove it, or cover a header.",
            "req" => "'req' covers the request that a response answers, so it stands in signatures of responses alone. Remove it.",
            _ => null,
        };

    /// <summary>The percent-encode set of application/x-www-form-urlencoded, a space as %20: RFC 9421 section 2.2.8.</summary>
    public static string EncodeParameter(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'*' or (byte)'-' or (byte)'.' or (byte)'_')
                encoded.Append((char)octet);
            else
                encoded.Append('%').Append(octet.ToString("X2", null));
        }
        return encoded.ToString();
    }

    private static string Unquote(string text) => text.Length > 1 && text[0] == '"' && text[^1] == '"' ? text[1..^1] : text;
}
