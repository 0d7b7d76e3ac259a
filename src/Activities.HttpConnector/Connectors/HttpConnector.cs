using System.Collections.Concurrent;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.HttpConnector.Authentication;
using FlowEngine.HttpConnector.Authentication.Aws;
using FlowEngine.HttpConnector.Requests;
using FlowEngine.HttpConnector.Signing;
using FlowEngine.HttpConnector.Testing;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.HttpConnector.Wire.Tls;
using FlowEngine.Settings;
using FlowEngine.Tracing;

namespace FlowEngine.HttpConnector.Connectors;

/// <summary>Shared, thread-safe: an HTTP API with its credentials, connections and
/// circuit breaker. Secrets are read when the first request is sent.</summary>
internal sealed class HttpConnector : Connector
{
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(60);

    private readonly HttpConnectorSettings _settings;
    private readonly Lazy<HttpTransport> _transport;
    private readonly Lazy<AnswerCache> _answers;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<Task, byte> _background = new();
    private readonly ConcurrencyGate _gate;
    private readonly CallRate? _rate;
    private readonly MessageSigning? _messages;
    private readonly AwsSettings? _aws;
    private readonly TlsSource? _tls;
    private volatile HttpCredentials? _credentials;

    internal HttpConnector(
        HttpConnectorSettings settings,
        ConnectorDefinition definition,
        DiagnosticBag problems,
        HttpModuleOptions options
    )
        : base(definition)
    {
        _settings = settings;
        Options = options;
        BaseUrl = ConnectorChecks.Run(settings, definition, problems, options, out _aws);
        _messages = SigningSettings.Compile(settings, definition.Location.At("configuration"), problems);
        ConnectorChecks.CheckSigned(settings.Headers, _messages, definition.Location.At("configuration").At("headers"), problems);
        _tls = MakeTls(settings, options.Time);
        _transport = new(() => MakeTransport(measured: false));
        _answers = new(() => new AnswerCache(options.Time));
        _gate = new ConcurrencyGate(Math.Max(settings.MaxConcurrent, 1), options.Time);
        _rate = settings.RateLimit is { Permits: > 0 } rate ? new CallRate(rate, options.Time) : null;
        Cooldown =
            settings.Cooldown is { } cooldown && BaseUrl is not null
                ? new Cooldown(
                    cooldown,
                    StatusCodeSet.Parse(cooldown.On, definition.Location.At("configuration").At("cooldown").At("on"), problems),
                    $"{definition.Id} {BaseUrl.Origin}{BaseUrl.Path}",
                    options
                )
                : null;
        Breaker = settings.CircuitBreaker is { } breaker ? new CircuitBreaker(breaker, options.Time) : null;
    }

    /// <inheritdoc/>
    public override bool IsDisabled => _settings.Disabled;

    /// <inheritdoc/>
    public override DateTimeOffset? CertificateEnds => ClientCertificate?.NotAfter;

    /// <inheritdoc/>
    public override ConnectorState? State
    {
        get
        {
            var token = _credentials?.Authentication.TokenLifetime;
            return new ConnectorState
            {
                Breaker = Breaker?.State,
                CooldownUntil = Cooldown?.Until,
                TokenSince = token?.Since,
                TokenUntil = token?.Until,
            };
        }
    }

    internal HttpModuleOptions Options { get; }

    /// <summary>The base URL; null only when problems were reported.</summary>
    internal BaseUrl? BaseUrl { get; }

    internal HttpConnectorSettings Settings => _settings;

    /// <summary>How it signs for AWS; null for not at all.</summary>
    internal AwsSettings? Aws => _aws;

    /// <summary>How it signs messages; null for not at all.</summary>
    internal MessageSigning? MessageSigning => _messages;

    internal IReadOnlyList<HeaderSettings> Headers => _settings.Headers;

    internal bool IncludeHeaders => _settings.IncludeHeadersInContext;

    internal bool FollowRedirects => _settings.FollowRedirects;

    internal bool SignsRequests => _settings.HmacSecret is [{ IsEmpty: false }, ..];

    /// <summary>Whether requests carry a message signature, whose headers nobody else may set.</summary>
    internal bool SignsMessages => _messages is not null;

    /// <summary>The certificate that it shows; null for none, or where it cannot be read.</summary>
    internal SeenCertificate? ClientCertificate =>
        _tls is not null && _tls.TryGet(out var material, out _) && material.Certificate is { } own ? SeenChain.Describe(own) : null;

    /// <summary>Whose word counts for the API's certificate.</summary>
    internal string Trusts =>
        _settings.Insecure ? "any"
        : _settings.CaCertificates is { IsEmpty: false } ? TlsProblem.CaCertificates
        : "system";

    /// <summary>The header that the authentication sets, or null.</summary>
    internal string? AuthenticationHeader => _settings.Authentication.Chosen.Header;

    internal HttpTransport Transport => _transport.Value;

    internal CircuitBreaker? Breaker { get; }

    /// <summary>Earlier answers, which flows may use again.</summary>
    internal AnswerCache Answers => _answers.Value;

    internal Cooldown? Cooldown { get; }

    /// <inheritdoc/>
    public override IEnumerable<string> SecretValues => (_credentials?.SecretValues ?? []).Concat(_tls?.SecretValues ?? []);

    /// <summary>What tries the connector out.</summary>
    internal required Func<HttpConnector, FlowValue, CancellationToken, ValueTask<FlowValue>> Test { get; init; }

    /// <summary>What delivers a call that was stored with its run.</summary>
    internal required Func<HttpConnector, byte[], CancellationToken, ValueTask<CallDelivery>> Deliver { get; init; }

    /// <inheritdoc/>
    public override ValueTask<FlowValue> TestAsync(FlowValue request, CancellationToken cancellationToken) =>
        Test(this, request, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<CallDelivery> DeliverAsync(byte[] content, CancellationToken cancellationToken) =>
        Deliver(this, content, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        // Fire-and-forget requests were promised: they get their time.
        await Task.WhenAll(_background.Keys).WaitAsync(LongestDrain, Options.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_transport.IsValueCreated)
            await _transport.Value.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Makes one attempt at a call, unless the circuit breaker is open, when there is room for it within its timeout.</summary>
    internal async ValueTask<HttpResult> AttemptAsync(HttpCall call, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (IsDisabled)
            return HttpResult.Failed(SwitchedOff);
        var began = Options.Time.GetTimestamp();
        if (Cooldown is not null && await Cooldown.CheckAsync(cancellationToken).ConfigureAwait(false) is { } cooling)
            return HttpResult.Failed(cooling);
        if (_rate is not null && !await TakeTurnAsync(_rate, timeout, cancellationToken).ConfigureAwait(false))
            return HttpResult.Failed(
                HttpFaultCodes.Busy,
                $"The connector '{Id}' may make no more calls within {timeout.TotalSeconds:0.###} s. Raise its rateLimit, or wait."
            );
        if (!await _gate.EnterAsync(timeout - Options.Time.GetElapsedTime(began), cancellationToken).ConfigureAwait(false))
            return NoRoom(timeout);
        try
        {
            var left = timeout - Options.Time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
                return NoRoom(timeout);
            var exchange = new HttpExchange(this, Transport, call, left, measure: false);
            var result = Breaker is { } breaker
                ? await breaker.SendAsync(exchange, cancellationToken).ConfigureAwait(false)
                : await exchange.SendAsync(cancellationToken).ConfigureAwait(false);
            if (Cooldown is not null)
                await Cooldown.TakeAsync(result).ConfigureAwait(false);
            return result;
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <summary>Waits for the turn that a rate gives.</summary>
    /// <returns>Whether there is time left for the call itself.</returns>
    private async ValueTask<bool> TakeTurnAsync(CallRate rate, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (rate.Reserve(timeout) is not { } wait)
            return false;
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, Options.Time, cancellationToken).ConfigureAwait(false);
        return wait < timeout;
    }

    private HttpResult NoRoom(TimeSpan timeout) =>
        HttpResult.Failed(
            HttpFaultCodes.Busy,
            $"{_gate.Most} calls of the connector '{Id}' are under way, and there was no room within {timeout.TotalSeconds:0.###} s. "
                + "Look whether the API hangs."
        );

    internal HttpFault SwitchedOff => new(HttpFaultCodes.Disabled, $"The connector '{Id}' is switched off. Nothing was sent.");

    /// <summary>Tells that a fire-and-forget call did not arrive.</summary>
    internal void TellLost(string code)
    {
        FlowTelemetry.CountLostCall(Id, code);
        Options.Lost?.Invoke(Id, code);
    }

    /// <summary>A transport with connections of its own, so that a test sees what opening one takes.</summary>
    /// <param name="measured">Whether times are the system's.</param>
    /// <param name="chain">Told what the other side shows in handshakes.</param>
    internal HttpTransport MakeTransport(bool measured, SeenChain? chain = null) =>
        new(
            new HttpTransportOptions
            {
                Insecure = _settings.Insecure,
                Tls = _tls,
                Chain = chain,
                UseStaticIps = _settings.UseStaticIps,
                MaxRequestBodyBytes = Options.MaxRequestBodyBytes,
                MaxResponseBodyBytes = Options.MaxResponseBodyBytes,
                MaxResponseHeadersKiB = Options.MaxResponseHeadersKiB,
            },
            Options.Egress,
            measured ? TimeProvider.System : Options.Time
        );

    /// <summary>The credentials; false when a secret cannot be read, which is tried again next time.</summary>
    internal bool TryGetCredentials(out HttpCredentials credentials, out HttpFault? fault)
    {
        fault = null;
        credentials = _credentials!;
        if (credentials is not null)
            return true;

        lock (_lock)
        {
            if (_credentials is null)
            {
                var reader = new SecretReader();
                var made = MakeCredentials(reader);
                fault = reader.Problem is { } problem ? new HttpFault(problem.Code, problem.Message) : null;
                if (fault is not null)
                    return false;
                _credentials = made;
            }
            credentials = _credentials;
            return true;
        }
    }

    /// <summary>Keeps a fire-and-forget request alive until it is done.</summary>
    internal void Track(Task request)
    {
        _background.TryAdd(request, 0);
        request.ContinueWith(
            done => _background.TryRemove(done, out _),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    private TlsSource? MakeTls(HttpConnectorSettings settings, TimeProvider time) =>
        settings is { ClientCertificate: null, CaCertificates: null, ServerName: null }
            ? null
            : new TlsSource(settings.ClientCertificate, settings.ClientKey, settings.ClientKeyPassphrase, settings.CaCertificates, time)
            {
                ServerName = settings.ServerName,
                Host = BaseUrl?.Host,
            };

    private HttpCredentials MakeCredentials(SecretReader secrets)
    {
        var made = _settings.Authentication.Chosen.Create(new AuthenticationContext(secrets.Read, Transport, Options.Time, Options.Tokens));
        // All of them are read: what a receiver knows must not turn up in a trace either.
        var hmacSecrets = SignsRequests ? _settings.HmacSecret.Where(secret => !secret.IsEmpty).Select(secrets.Read).ToList() : [];
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in _settings.Headers)
        {
            if (header.Hidden is { } hidden)
                headers[header.Key] = secrets.Read(hidden);
        }
        var role = MakeRole(secrets);
        return new HttpCredentials(made, hmacSecrets, headers, secrets.Values)
        {
            Aws = MakeAwsSigner(secrets, role),
            Role = role,
            Messages = MakeSigner(secrets),
        };
    }

    private AwsRole? MakeRole(SecretReader secrets) =>
        _aws is { Type: AwsSettings.AssumeRole } aws
            ? new AwsRole(aws, KeyOf(aws, secrets), Transport, Options.Time, $"flowengine-{Id}")
            : null;

    private AwsSigner? MakeAwsSigner(SecretReader secrets, AwsRole? role)
    {
        if (_aws is not { } aws)
            return null;
        if (role is not null)
            return new AwsSigner(aws.Region, aws.Service, Options.Time, role.GetAsync);
        var key = KeyOf(aws, secrets);
        return new AwsSigner(aws.Region, aws.Service, Options.Time, _ => new((key, (HttpFault?)null)));
    }

    private static AwsKey KeyOf(AwsSettings aws, SecretReader secrets) =>
        new(aws.AccessKeyId, secrets.Read(aws.SecretAccessKey), secrets.Read(aws.SessionToken));

    private MessageSigner? MakeSigner(SecretReader secrets)
    {
        if (_messages is not { Settings: var settings })
            return null;
        var text = secrets.Read(settings.Key);
        if (secrets.Problem is not null)
            return null;
        if (SigningKey.TryRead(text, settings.Algorithm, settings.EcdsaEncoding == "der", out var key, out var problem))
            return new MessageSigner(_messages, key, Options.Time);
        secrets.Refuse(FlowError.Of(HttpErrors.Signature, problem));
        return null;
    }

    /// <summary>Reads secrets and remembers them, and the first that is missing.</summary>
    private sealed class SecretReader
    {
        public List<string> Values { get; } = [];

        public FlowError? Problem { get; private set; }

        /// <summary>Says of what was read that it is no use.</summary>
        public void Refuse(FlowError problem) => Problem ??= problem;

        public string Read(Secret? secret)
        {
            if (secret is null)
                return "";
            if (!secret.TryReveal(out var value, out var problem))
                Problem ??= problem;
            else
                Values.AddRange(Pem.SecretFormsOf(value));
            return value;
        }
    }
}
