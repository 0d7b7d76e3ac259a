using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Requests;

namespace FlowEngine.HttpConnector;

/// <summary>
/// Shared and immutable: calls an HTTP API: build → sign → send → read → outcome. The result is <c>connectors.&lt;contextKey&gt;</c>:
/// <c>statusCode</c>, <c>body</c>, <c>headers</c> and, on failure, <c>error</c>.
/// </summary>
[Activity(
    "GenericHttp", "Calls an HTTP API through a connector.", Category = "Connectors", Outcomes = ["Success"],
    ErrorEvents = [GenericHttp.HttpErrorEvent, GenericHttp.ExecutionEvent], CanRunInParallel = true)]
public sealed class GenericHttp : FlowActivity
{
    /// <summary>The event of an answer whose status is not a success.</summary>
    public const string HttpErrorEvent = "Generic HTTP Error";

    /// <summary>The event of a call without a usable answer.</summary>
    public const string ExecutionEvent = "Connector Execution";

    private const int HttpErrorIndex = 0;
    private const int ExecutionIndex = 1;

    private readonly HttpConnector? _connector;
    private readonly string _contextKey;
    private readonly RequestPlan _request;
    private readonly RetryPolicy? _retry;
    private readonly ResultReader _reader;
    private readonly TimeSpan _timeout;
    private readonly bool _async;

    internal GenericHttp(GenericHttpSettings settings, ActivityCompilation compilation)
    {
        _connector = compilation.Connector<HttpConnector>(settings.Connector);
        _contextKey = settings.ContextKey.Length > 0 ? settings.ContextKey : compilation.Definition.Id;
        compilation.CheckContextKey(_contextKey);
        _request = new RequestPlan(settings, _connector, compilation);
        _retry = RetryPolicy.Compile(settings, _connector, compilation);
        _reader = new ResultReader(
            StatusCodeSet.Parse(settings.SuccessStatusCodes, compilation.At("successStatusCodes"), compilation.Problems),
            settings.ResponseFormat,
            _connector?.IncludeHeaders ?? false);
        _timeout = TimeSpan.FromSeconds(settings.Timeout);
        _async = settings.Async;
    }

    /// <inheritdoc/>
    public override string? ConnectorId => _connector?.Id;

    /// <inheritdoc/>
    public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
    {
        if (_request.Prepare(context, out var request) is { } fault)
            return new(Finish(context, ResultReader.Failure(fault)));
        if (context.Step is { } step)
            step.Input = request.ToValue();

        if (context.Replies is { } replies)
        {
            var reply = replies.Take(context.ActivityId);
            return new(reply.IsMissing
                ? Outcome.Fail(FlowErrors.NoReply, $"There is no reply left for '{context.ActivityId}'.")
                : _async ? Outcome.Success : Finish(context, _reader.ReadScripted(reply)));
        }
        if (!_async)
            return CallAsync(context, request, cancellationToken);

        // The caller's cancellation is not passed on: the flow goes on, and so does the request.
        _connector!.Track(Task.Run(() => SendAsync(request, CancellationToken.None).AsTask(), CancellationToken.None));
        return new(Outcome.Success);
    }

    private async ValueTask<Outcome> CallAsync(RunContext context, PreparedRequest request, CancellationToken cancellationToken)
    {
        var result = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        return Finish(context, _reader.Read(result));
    }

    private ValueTask<HttpResult> SendAsync(PreparedRequest request, CancellationToken cancellationToken) => _retry is null
        ? Attempt(request, _timeout, cancellationToken)
        : _retry.ExecuteAsync((remaining, token) => Attempt(request, remaining, token), cancellationToken);

    private ValueTask<HttpResult> Attempt(PreparedRequest request, TimeSpan remaining, CancellationToken cancellationToken) =>
        new HttpExchange(_connector!, _connector!.Transport, request, remaining, measure: false).SendAsync(cancellationToken);

    private Outcome Finish(RunContext context, CallResult result)
    {
        context.SetConnector(_contextKey, result.Value);
        if (context.Step is { } step)
            step.Output = result.Value;
        if (result.Error is not { } error)
            return Outcome.Success;
        return Outcome.Error(result.IsHttpError ? HttpErrorIndex : ExecutionIndex, error);
    }
}
