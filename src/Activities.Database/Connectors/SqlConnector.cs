using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Database.Engines;
using FlowEngine.Database.Queries;
using FlowEngine.Errors;

namespace FlowEngine.Database.Connectors;

/// <summary>Shared, thread-safe: a database that Database activities query.
/// Nothing is connected, and no secret is read, before the first query.</summary>
public sealed class SqlConnector : Connector
{
    /// <summary>The type's name in connector files.</summary>
    public const string TypeName = "sql";

    private readonly SqlConnectorSettings _settings;
    private readonly DatabaseModuleOptions _options;
    private readonly SemaphoreSlim _places;
    private readonly Lock _creating = new();
    private volatile SqlEngine? _engine;

    internal SqlConnector(
        SqlConnectorSettings settings,
        ConnectorDefinition definition,
        DiagnosticBag problems,
        DatabaseModuleOptions options
    )
        : base(definition)
    {
        settings.Check(definition, problems, options);
        _settings = settings;
        _options = options;
        _places = new SemaphoreSlim(settings.MaxPoolSize);
    }

    /// <inheritdoc/>
    public override bool IsDisabled => _settings.Disabled;

    internal SqlDialect Dialect => _settings.Chosen!.Dialect;

    /// <inheritdoc/>
    /// <remarks>Connects and asks for the version; the request is not used. Gives <c>{ ok: true, engine, serverVersion, milliseconds }</c>,
    /// with <c>warnings</c> where the role can do more than a flow should, or
    /// <c>{ ok: false, error: { code, message } }</c>, within 5 seconds.</remarks>
    public override ValueTask<FlowValue> TestAsync(FlowValue request, CancellationToken cancellationToken) =>
        TryGetEngine(out var engine, out var problem)
            ? new(ConnectionTest.RunAsync(engine!, _settings.Engine, cancellationToken))
            : new(ConnectionTest.Failed(problem!));

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_engine is { } engine)
            await engine.DisposeAsync().ConfigureAwait(false);
        _places.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Runs a query.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled it.</exception>
    internal Task<QueryOutcome> QueryAsync(SqlQuery query, FlowValue[] values, QueryLimits limits, CancellationToken cancellationToken)
    {
        if (IsDisabled)
            return Task.FromResult(new QueryOutcome(default, SwitchedOff));
        if (!TryGetEngine(out var engine, out var problem))
            return Task.FromResult(new QueryOutcome(default, problem));

        return new QueryExecution(engine!, _places, _settings.MaxPoolSize, query, values, limits).RunAsync(cancellationToken);
    }

    /// <summary>Makes the statements of a transaction, all of them or none.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled it.</exception>
    internal Task<QueryOutcome> TransactAsync(TransactionRun run, QueryLimits limits, CancellationToken cancellationToken)
    {
        if (IsDisabled)
            return Task.FromResult(new QueryOutcome(default, SwitchedOff));
        if (!TryGetEngine(out var engine, out var problem))
            return Task.FromResult(new QueryOutcome(default, problem));

        return new TransactionExecution(engine!, _places, _settings.MaxPoolSize, run, limits).RunAsync(cancellationToken);
    }

    private FlowError SwitchedOff => FlowError.Of(DatabaseErrors.Disabled, $"The connector '{Id}' is switched off.");

    /// <summary>The engine, made on first use. A secret that is missing is looked for again the next time.</summary>
    private bool TryGetEngine(out SqlEngine? engine, out FlowError? problem)
    {
        problem = null;
        engine = _engine;
        if (engine is not null)
            return true;

        lock (_creating)
        {
            engine = _engine;
            if (engine is not null)
                return true;

            var password = "";
            if (_settings.Chosen!.SignInSecret is { } secret && !secret.TryReveal(out password, out problem))
                return false;
            try
            {
                engine = _engine = _settings.Chosen.Create(new SqlEngineContext(Definition, password, _settings.MaxPoolSize, _options));
                return true;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // The driver does not take the settings. Its message may quote them, the password included.
                problem = FlowError.Of(
                    DatabaseErrors.Connect,
                    $"The driver of {_settings.Engine} does not accept the connector's settings. {DatabaseErrors.Connect.Advice}"
                );
                return false;
            }
        }
    }
}
