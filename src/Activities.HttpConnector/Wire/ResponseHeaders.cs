using System.Net.Http.Headers;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire;

/// <summary>Per process, thread-safe. Reads an answer's headers as they came, without .NET's parsing, which can throw and drop.</summary>
internal static class ResponseHeaders
{
    public static IReadOnlyList<KeyValuePair<string, string>> Read(HttpResponseMessage response, bool wasDecoded)
    {
        var headers = new List<KeyValuePair<string, string>>();
        Add(headers, response.Headers.NonValidated, wasDecoded: false);
        Add(headers, response.Content.Headers.NonValidated, wasDecoded);
        return headers;
    }

    private static void Add(List<KeyValuePair<string, string>> headers, HttpHeadersNonValidated source, bool wasDecoded)
    {
        foreach (var (name, values) in source)
        {
            var lower = name.ToLowerInvariant();
            if (wasDecoded && lower is "content-encoding" or "content-length")
                continue;
            headers.Add(new(lower, values.Count == 1 ? values.ToString() : string.Join(", ", values)));
        }
    }
}
