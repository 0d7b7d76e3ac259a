using System.Diagnostics.CodeAnalysis;
using FlowEngine.Errors;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.Settings;

namespace FlowEngine.HttpConnector.Wire.Tls;

/// <summary>
/// Per connector, thread-safe: where its TLS material comes from. It is read when the first request is sent; what stands in files or in the
/// environment is looked at again once a second while there are requests, so that a certificate is renewed by replacing its file. A file
/// that is half written, or a key whose certificate is still to come, changes nothing until both fit.
/// </summary>
internal sealed class TlsSource(Secret? certificate, Secret? key, Secret? passphrase, Secret? authorities, TimeProvider time)
{
    private static readonly TimeSpan LooksAgain = TimeSpan.FromSeconds(1);

    private readonly Secret?[] _secrets = [certificate, key, passphrase, authorities];
    private readonly bool _mayChange = new[] { certificate, key, passphrase, authorities }.Any(secret => secret is { IsLiteral: false });
    private readonly Lock _lock = new();
    private volatile Known? _known;
    private long _looked;

    /// <summary>For another name in the handshake than that of the URL; null for none.</summary>
    public string? ServerName { get; init; }

    /// <summary>The host that is asked for by that name.</summary>
    public string? Host { get; init; }

    /// <summary>Texts to mask: the key, in any layout, and what opens it.</summary>
    public IEnumerable<string> SecretValues => _known is { } known ? [.. Pem.SecretFormsOf(known.Texts.Key), known.Texts.Passphrase] : [];

    /// <summary>What is shown and trusted now.</summary>
    /// <param name="material">It, when true is returned.</param>
    /// <param name="fault">Why there is none, when false is returned; it is tried again next time.</param>
    public bool TryGet([NotNullWhen(true)] out TlsMaterial? material, [NotNullWhen(false)] out HttpFault? fault)
    {
        fault = null;
        material = _known?.Material;
        if (material is not null && (!_mayChange || time.GetElapsedTime(Volatile.Read(ref _looked)) < LooksAgain))
            return true;
        // One looks; the others go on with what is known.
        if (material is not null && !_lock.TryEnter())
            return true;
        if (material is null)
            _lock.Enter();
        try
        {
            fault = Look();
            material = _known?.Material;
            // What was good stays good: who replaces two files does so one after the other.
            if (material is not null)
                fault = null;
            return material is not null;
        }
        finally
        {
            _lock.Exit();
        }
    }

    private HttpFault? Look()
    {
        Volatile.Write(ref _looked, time.GetTimestamp());
        if (!TryRead(out var texts, out var missing))
            return new HttpFault(missing.Code, missing.Message);
        if (_known is { } known && known.Texts == texts)
            return null;
        if (!TlsMaterial.TryMake(texts, out var made, out var problem))
            return new HttpFault(HttpFaultCodes.Tls, $"'{problem.Setting}' of the connector cannot be used. {problem.Message}");
        _known = new Known(texts, made);
        return null;
    }

    private bool TryRead(out TlsTexts texts, [NotNullWhen(false)] out FlowError? problem)
    {
        problem = null;
        var values = new string[_secrets.Length];
        for (var i = 0; i < values.Length; i++)
        {
            FlowError? missing = null;
            values[i] = "";
            if (_secrets[i] is not { IsEmpty: false } secret)
                continue;
            if (!secret.TryReveal(out values[i], out missing))
                problem ??= missing;
            else if (values[i].Length == 0)
                problem ??= FlowError.Of(FlowErrors.SecretMissing, $"There is nothing in {secret.Reference}.");
        }
        texts = new TlsTexts(values[0], values[1], values[2], values[3]);
        return problem is null;
    }

    private sealed record Known(TlsTexts Texts, TlsMaterial Material);
}
