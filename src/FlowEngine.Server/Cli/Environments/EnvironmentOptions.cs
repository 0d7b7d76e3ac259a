using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Json;
using FlowEngine.Server.Hosting;

namespace FlowEngine.Server.Cli.Environments;

/// <summary>Per command, single-threaded: what <c>diff</c> and <c>apply</c> have in common: a server, a folder, and what the one says of the
/// other.</summary>
internal sealed class EnvironmentOptions
{
    /// <summary>The environment variable that holds the management key, for pipelines.</summary>
    public const string KeyVariable = "FLOWENGINE_MANAGEMENT_KEY";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Option<string> _url;
    private readonly Option<string?> _keyFile = new("--key-file")
    {
        Description = $"The file of the server's management key. Default: the environment variable {KeyVariable}.",
        HelpName = "FILE",
    };
    private readonly Option<bool> _prune = new("--prune")
    {
        Description = "Deletes the flows and connectors of the server that the folder does not have. Default: they stay.",
    };
    private readonly Option<string> _format = Formats.Option(Formats.Text, Formats.Json);
    private readonly EngineOptions _engine;

    public EnvironmentOptions(Command command, string url)
    {
        _url = new Option<string>(url)
        {
            Description = "The server, with the path that it is served under.",
            HelpName = "URL",
            Required = true,
        };
        _url.Validators.Add(result => CheckUrl(result, url));
        foreach (var option in new Option[] { _url, _keyFile, _prune, _format })
            command.Options.Add(option);
        _engine = new EngineOptions(command);
    }

    /// <summary>Whether the result is written as JSON.</summary>
    public bool IsJson(ParseResult parsed) => parsed.GetValue(_format) == Formats.Json;

    /// <summary>Reads a folder, without its secrets, as what is asked of the server.</summary>
    /// <returns>The body; null where a file has errors, which are told.</returns>
    public async Task<FlowObject?> ReadAsync(ParseResult parsed, string folder)
    {
        var problems = new DiagnosticBag();
        var notes = new List<string>();
        var modules = _engine.Settings(parsed).Engine.Modules();
        var body = await EnvironmentFolder.ReadAsync(folder, _engine.Connectors(parsed), modules, problems, notes);
        foreach (var note in notes)
            await Console.Error.WriteLineAsync(note);
        DiagnosticWriter.WriteText(Console.Error, problems.Items);
        return problems.HasErrors ? null : body.With("prune", FlowValue.From(parsed.GetValue(_prune)));
    }

    /// <summary>Asks the server.</summary>
    /// <returns>Its answer; null where it gave none or refused, which is told.</returns>
    public async Task<FlowValue?> AskAsync(ParseResult parsed, string operation, FlowObject body, CancellationToken cancellationToken)
    {
        if (await KeyAsync(parsed, cancellationToken) is not { } key)
            return null;
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = Limit };
        var url = new Uri($"{parsed.GetValue(_url)!.TrimEnd('/')}/api/environment/{operation}");
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = new StringContent(FlowValue.From(body).ToJson(), Encoding.UTF8, "application/json");
        try
        {
            using var answer = await http.SendAsync(request, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (answer.StatusCode == HttpStatusCode.OK)
                return JsonReading.Parse(text);
            await TellAsync(answer, text);
        }
        catch (Exception error)
            when (error is HttpRequestException or System.Text.Json.JsonException
                || (error is TaskCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            await Console.Error.WriteLineAsync(
                $"error {CliErrors.Server}: {url.Host} does not answer: {error.Message} {CliErrors.Server.Advice}"
            );
        }
        return null;
    }

    private async Task<string?> KeyAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var key = parsed.GetValue(_keyFile) is { } file
            ? await File.ReadAllTextAsync(file, cancellationToken)
            : Environment.GetEnvironmentVariable(KeyVariable);
        if (!string.IsNullOrWhiteSpace(key))
            return key.Trim();
        await Console.Error.WriteLineAsync(
            $"error {CliErrors.Server}: There is no management key. Name its file with --key-file, or set {KeyVariable}."
        );
        return null;
    }

    private static async Task TellAsync(HttpResponseMessage answer, string text)
    {
        FlowValue problem;
        try
        {
            problem = JsonReading.Parse(text);
        }
        catch (System.Text.Json.JsonException)
        {
            problem = FlowValue.Null;
        }
        await Console.Error.WriteLineAsync(
            problem.Get("errorCode").TryGetText(out var code)
                ? $"error {code}: {problem.Get("errorMessage").ToText()} {problem.Get("errorDescription").ToText()}"
                : $"error {CliErrors.Server}: The server answers {(int)answer.StatusCode}. {CliErrors.Server.Advice}"
        );
        PlanOutput.WriteProblems(problem.Get("diagnostics"));
    }

    /// <summary>The management key does not go over a network in the clear.</summary>
    private static void CheckUrl(OptionResult result, string name)
    {
        if (!Uri.TryCreate(result.GetValueOrDefault<string>(), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            result.AddError($"{name}: not an http URL.");
        else if (url.Scheme == "http" && !url.IsLoopback)
            result.AddError($"{name}: the management key would go over the network in the clear; use https.");
    }
}
