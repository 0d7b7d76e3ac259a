using System.Text.Encodings.Web;
using System.Text.Json;
using FlowEngine.Errors;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>What there is to say of an answer whose body is a file, and has no place for it: the header <see cref="Header"/>.</summary>
/// <param name="Total">How many warnings there are.</param>
/// <param name="Diagnostics">The first of them, as many as a header has room for.</param>
internal sealed record AnswerWarnings(int Total, IReadOnlyList<FileProblem> Diagnostics)
{
    /// <summary>The header: this record as JSON in ASCII. It is not there where there is nothing to say.</summary>
    public const string Header = "FlowEngine-Warnings";

    /// <summary>How long the header may be: proxies take some 8,000 characters for all headers together.</summary>
    public const int MaxLength = 4_000;

    /// <summary>What the reference says of it.</summary>
    public const string Description =
        "Warnings of the file, as JSON in ASCII: `{ total, diagnostics: [Diagnostic] }` with the first of them. Not there without any.";

    /// <summary>Sets the header.</summary>
    public static void Set(HttpContext http, IReadOnlyList<Diagnostic> warnings)
    {
        if (warnings.Count == 0)
            return;

        var contract = http.RequestServices.GetRequiredService<JsonContract>().Options;
        var options = new JsonSerializerOptions(contract) { Encoder = JavaScriptEncoder.Default };
        // None is shorter than a hundred characters: more are not even written to be measured.
        var problems = FileProblem.Of(warnings.Take(MaxLength / 100));
        for (var count = problems.Count; count >= 0; count--)
        {
            var told = new AnswerWarnings(warnings.Count, [.. problems.Take(count)]);
            var text = JsonSerializer.Serialize(told, options.GetTypeInfo(typeof(AnswerWarnings)));
            if (text.Length > MaxLength)
                continue;
            http.Response.Headers[Header] = text;
            return;
        }
    }
}
