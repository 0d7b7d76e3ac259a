using System.Globalization;
using System.Text;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Signing;

/// <summary>Stateless: the text that a message signature is made over (RFC 9421 section 2.5), from a request as it is sent.</summary>
internal static class SignatureBase
{
    /// <summary>Makes the signature base.</summary>
    /// <param name="request">The request, complete but for its signature.</param>
    /// <param name="components">What is covered.</param>
    /// <param name="parameters">The value of <c>@signature-params</c>.</param>
    /// <param name="text">The signature base.</param>
    /// <returns>Null, or why it cannot be made: a component is not there, or is not ASCII.</returns>
    public static HttpFault? Make(OutgoingRequest request, IReadOnlyList<SignatureComponent> components, string parameters, out string text)
    {
        var lines = new StringBuilder(256);
        text = "";
        foreach (var component in components)
        {
            if (ValueOf(request, component) is not { } value)
                return Fault(WhyNone(request, component));
            if (!IsSendable(value))
                return Fault(
                    $"The signature covers {component.Identifier}, whose value is not ASCII. Encode it, or cover it as '{component.Name};bs'."
                );
            lines.Append(component.Identifier).Append(": ").Append(value).Append('\n');
        }
        text = lines.Append("\"@signature-params\": ").Append(parameters).ToString();
        return null;
    }

    private static string? ValueOf(OutgoingRequest request, SignatureComponent component) =>
        component.Name switch
        {
            "@method" => request.Method,
            "@target-uri" => $"{request.Uri.Scheme}://{AuthorityOf(request.Uri)}{TargetOf(request.Uri)}",
            "@authority" => AuthorityOf(request.Uri),
            "@scheme" => request.Uri.Scheme,
            "@request-target" => TargetOf(request.Uri),
            "@path" => Split(request.Uri).Path,
            "@query" => "?" + Split(request.Uri).Query,
            "@query-param" => ParameterOf(request.Uri, component.Parameter!),
            _ when component.IsBinary => BytesOf(request, component.Name),
            _ when HeaderOf(request, component.Name) is { } value => component switch
            {
                { Key: { } key } => StructuredField.MemberOf(value, key),
                { IsStrict: true } => StructuredField.Rewrite(value),
                _ => value,
            },
            _ => null,
        };

    private static string? HeaderOf(OutgoingRequest request, string name) =>
        name switch
        {
            "host" => request.Uri.Authority,
            "content-length" => request.ContentLength?.ToString(CultureInfo.InvariantCulture),
            _ => request.Headers[name],
        };

    private static string WhyNone(OutgoingRequest request, SignatureComponent component) =>
        $"The signature covers {component.Identifier}, "
        + (
            component.IsHeader && HeaderOf(request, component.Name) is not null
                ? component.Key is null
                    ? "but the header is no structured field (RFC 9651)."
                    : "but the header is no dictionary (RFC 9651), or has no such member."
                : "which the request does not have, or has more than once."
        );

    /// <summary>In lower case, IPv6 in brackets, without the default port: RFC 9421 section 2.2.3.</summary>
    private static string AuthorityOf(Uri uri) => uri.Authority.ToLowerInvariant();

    /// <summary>As it stands in the request line.</summary>
    private static string TargetOf(Uri uri) => uri.PathAndQuery is { Length: > 0 } target ? target : "/";

    private static (string Path, string Query) Split(Uri uri)
    {
        var target = TargetOf(uri);
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        return mark < 0 ? (target, "") : (target[..mark], target[(mark + 1)..]);
    }

    /// <summary>Null where there is none of that name, and where there are several: a receiver could take another.</summary>
    private static string? ParameterOf(Uri uri, string name)
    {
        string? found = null;
        foreach (var pair in Split(uri).Query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var sides = pair.Split('=', 2);
            if (Recode(sides[0]) != name)
                continue;
            if (found is not null)
                return null;
            found = sides.Length == 2 ? Recode(sides[1]) : "";
        }
        return found;

        static string Recode(string text) => SignatureComponent.EncodeParameter(Uri.UnescapeDataString(text.Replace('+', ' ')));
    }

    private static string? BytesOf(OutgoingRequest request, string name)
    {
        var values = request
            .Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(header => $":{Convert.ToBase64String(Encoding.UTF8.GetBytes(header.Value))}:")
            .ToList();
        return values.Count == 0 ? null : string.Join(", ", values);
    }

    private static bool IsSendable(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~') || IsWithTabs(value);

    private static bool IsWithTabs(string value) => value.All(character => character is '\t' or (>= ' ' and <= '~'));

    private static HttpFault Fault(string message) => new(HttpFaultCodes.Signature, $"{message} Nothing was sent.");
}
