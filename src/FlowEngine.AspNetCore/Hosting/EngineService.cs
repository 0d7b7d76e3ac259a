using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Errors;
using FlowEngine.Storage;
using FlowEngine.Storage.Engines;
using FlowEngine.Storage.Protection;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace FlowEngine.AspNetCore.Hosting;

/// <summary>
/// Per host: FlowEngine in a program. It is opened before anything listens; when the program stops it says for a moment that it is not
/// ready, so
/// that load balancers turn away, and it is closed after the last request was answered.
/// </summary>
internal sealed partial class EngineService(IOptions<FlowEngineOptions> options, IServiceProvider host, ILogger<EngineService> log)
    : IHostedLifecycleService,
        IAsyncDisposable
{
    /// <summary>The file in the data folder with the link that sets up the console.</summary>
    public const string SetupFile = "console.setup";

    private RunningEngine? _engine;
    private PathString? _root;
    private bool _isUp;

    /// <summary>The engine's own services.</summary>
    /// <exception cref="InvalidOperationException">The program has not started.</exception>
    public IServiceProvider Services => (_engine ?? throw NotStarted()).Services;

    /// <summary>The link that makes the first account of the console; null when there is one.</summary>
    public string? SetupLink { get; private set; }

    /// <summary>Takes the path that it is served under.</summary>
    /// <exception cref="InvalidOperationException">It has one.</exception>
    public void PlaceAt(PathString root)
    {
        if (_root is { } other)
            throw new InvalidOperationException($"FlowEngine is mapped already, under '{other}': a program has it once.");
        _root = root;
    }

    /// <summary>Answers a request of the program.</summary>
    public Task InvokeAsync(HttpContext http) => (_engine ?? throw NotStarted()).InvokeAsync(http);

    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        _engine = await RunningEngine.OpenAsync(options.Value, host, _root ?? PathString.Empty, cancellationToken);
        if (options.Value.Started is { } tell)
            tell(_engine.Start);
        else
            Tell(_engine.Start);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        _isUp = true;
        var file = Path.Combine(options.Value.Data, SetupFile);
        if (await Services.GetRequiredService<SetupTokens>().CreateAsync(cancellationToken) is not { } token)
        {
            File.Delete(file);
            return;
        }
        // Now the program listens, and its addresses have their ports.
        SetupLink = $"{OwnAddress.First(OwnAddress.UrlsOf(host))}{_root?.ToUriComponent()}/console/setup#token={token}";
        // Not in the log, where more people read than may be the first admin.
        DataFolder.Secure(options.Value.Data);
        await using (var link = PrivateFile.Open(file, FileMode.Create, FileShare.None))
            await link.WriteAsync(System.Text.Encoding.UTF8.GetBytes(SetupLink + "\n"), cancellationToken);
        if (options.Value.Started is null)
            LogSetup(log, file, SetupTokens.Lifetime.TotalHours);
    }

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // A start that failed has nobody to turn away.
        if (_engine is not { } engine || !_isUp)
            return;
        engine.Services.GetRequiredService<Draining>().Begin();
        await Task.Delay(engine.Delay, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => _engine?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
    }

    private static InvalidOperationException NotStarted() => new("FlowEngine is not open: the program has not started, or has ended.");

    private void Tell(EngineStart start)
    {
        foreach (var extension in start.Extensions)
            LogExtension(log, extension.Name, extension.Version, extension.Brings);
        if (start.ManagementKeyFile is { } file)
            LogKey(log, file);
        foreach (var problem in start.Problems)
            LogProblem(
                log,
                problem.Severity == Severity.Error ? LogLevel.Error : LogLevel.Warning,
                problem.Code,
                problem.File ?? "(document)",
                problem.Pointer,
                problem.Message,
                problem.Advice
            );
        LogPublished(log, start.Published, start.New);
    }

    [LoggerMessage(EventId = 2106, Level = LogLevel.Information, Message = "Extension {Name} {Version}: {Brings}")]
    private static partial void LogExtension(ILogger logger, string name, string version, IReadOnlyList<string> brings);

    [LoggerMessage(EventId = 2101, Level = LogLevel.Information, Message = "The management key is in {File}.")]
    private static partial void LogKey(ILogger logger, string file);

    [LoggerMessage(EventId = 2102, Message = "{Code} {File}#{Pointer}: {Problem} {Advice}")]
    private static partial void LogProblem(
        ILogger logger,
        LogLevel level,
        string code,
        string file,
        string pointer,
        string problem,
        string advice
    );

    [LoggerMessage(
        EventId = 2103,
        Level = LogLevel.Information,
        Message = "{Published} flows are published, {New} of them in a new version."
    )]
    private static partial void LogPublished(ILogger logger, int published, int @new);

    [LoggerMessage(
        EventId = 2104,
        Level = LogLevel.Information,
        Message = "Nobody can use the console yet. The link that makes the first account is in {File}, good for {Hours} hours."
    )]
    private static partial void LogSetup(ILogger logger, string file, double hours);
}
