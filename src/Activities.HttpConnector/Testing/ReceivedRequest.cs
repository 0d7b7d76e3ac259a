using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Testing;

/// <summary>Shared and immutable: a request as somebody received it, pasted as text (RFC 9112): the request line, headers, an empty line,
/// the body. What <c>curl -v</c> prints of it, with <c>&gt; </c> before each line, is read too.</summary>
internal sealed partial class ReceivedRequest
{
    private ReceivedRequest(string method, string target, IReadOnlyList<KeyValuePair<string, string>> headers, string body) =>
        (Method, Target, Headers, Body) = (method, target, headers, body);

    /// <summary>The method.</summary>
    public string Method { get; }

    /// <summary>The request target as it stands in the request line: path and query, or a whole URL.</summary>
    public string Target { get; }

    /// <summary>The headers, in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>The body, as it was pasted.</summary>
    public string Body { get; }

    /// <summary>Reads a text.</summary>
    /// <param name="text">What was pasted.</param>
    /// <param name="request">The request.</param>
    /// <param name="problem">What is wrong with it, and what to do. It repeats nothing of the text.</param>
    public static bool TryRead(string text, [NotNullWhen(true)] out ReceivedRequest? request, [NotNullWhen(false)] out string? problem)
    {
        (request, problem) = (null, null);
        var given = text.TrimStart('\r', '\n', ' ', '\t');
        var end = EndOfHead().Match(given);
        var head = (end.Success ? given[..end.Index] : given.TrimEnd('\r', '\n')).Split('\n');
        var isPrinted = head[0].StartsWith("> ", StringComparison.Ordinal);
        var lines = head.Select(line => (isPrinted && line.StartsWith('>') ? line[1..].TrimStart(' ') : line).TrimEnd('\r')).ToList();
        var first = RequestLine().Match(lines[0]);
        if (!first.Success)
        {
            problem =
                "It does not begin with a request line. Paste the raw request: POST /path HTTP/1.1, then headers, an empty line, the body.";
            return false;
        }
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var line in lines.Skip(1))
        {
            if (isPrinted && line.Length == 0)
                continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || !RequestHeaders.IsToken(line.AsSpan(0, colon)))
            {
                problem = $"Line {lines.IndexOf(line) + 1} is no header. Paste the raw request, headers one to a line.";
                return false;
            }
            headers.Add(KeyValuePair.Create(line[..colon], line[(colon + 1)..].Trim(' ', '\t')));
        }
        request = new ReceivedRequest(
            first.Groups["method"].Value,
            first.Groups["target"].Value,
            headers,
            end.Success ? given[(end.Index + end.Length)..] : ""
        );
        return true;
    }

    /// <summary>The value of a header, several of one name joined; null for none.</summary>
    public string? Header(string name) =>
        Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).ToList()
            is { Count: > 0 } values
            ? string.Join(", ", values)
            : null;

    /// <summary>The request as it would have been sent from a place.</summary>
    /// <param name="origin">Scheme and authority, such as <c>https://api.example.com</c>.</param>
    /// <param name="target">Path and query.</param>
    /// <param name="body">The body.</param>
    /// <param name="request">The request.</param>
    /// <param name="problem">What is wrong with it.</param>
    public bool TryMake(
        string origin,
        string target,
        byte[] body,
        [NotNullWhen(true)] out OutgoingRequest? request,
        [NotNullWhen(false)] out string? problem
    )
    {
        (request, problem) = (null, null);
        if (!Uri.TryCreate(origin, UriKind.Absolute, out _) || target.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            problem = "The host or the path of the request is none.";
            return false;
        }
        request = new OutgoingRequest(Method, RequestUri.AsWritten(origin + target)) { Body = body.Length == 0 ? null : body };
        foreach (var (name, value) in Headers)
        {
            // The transport's own are made of URL and body, as they were when it was sent.
            if (!RequestHeaders.IsOfTransport(name))
                problem ??= request.Headers.Add(name, value)?.Message;
        }
        return problem is null;
    }

    [GeneratedRegex(@"\A(?<method>[A-Za-z]{1,20}) (?<target>(?:/|https?://)\S*)(?: HTTP/\d(?:\.\d)?)?\s*\z", RegexOptions.CultureInvariant)]
    private static partial Regex RequestLine();

    [GeneratedRegex(@"\r?\n(?:>[ ]?)?\r?\n", RegexOptions.CultureInvariant)]
    private static partial Regex EndOfHead();
}
