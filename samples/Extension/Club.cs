using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Settings;

namespace Acme.Club;

/// <summary>Bound once, then read only: the configuration of a connector of type <c>club</c>.</summary>
public sealed class ClubSettings
{
    /// <summary>The tiers.</summary>
    [Setting("The tiers, from the first to the best.", Required = true)]
    public IReadOnlyList<TierSettings> Tiers { get; set; } = [];

    /// <summary>What member numbers are made with.</summary>
    [Setting("What the numbers of members are made with.", Required = true)]
    public Secret NumberKey { get; set; } = new("");
}

/// <summary>Bound once, then read only: a tier.</summary>
public sealed class TierSettings
{
    /// <summary>Its name.</summary>
    [Setting("The tier's name.", Required = true)]
    public string Name { get; set; } = "";

    /// <summary>From which sum on.</summary>
    [Setting("How much a member has spent who is in it.", Minimum = 0, Unit = "EUR")]
    public int From { get; set; }
}

/// <summary>Shared, thread-safe: a club, which knows its tiers.</summary>
public sealed class Club : Connector
{
    private static readonly FlowShape Found = FlowShape.Of("ok", "tiers");

    private readonly ClubSettings _settings;

    internal Club(ClubSettings settings, ConnectorDefinition definition)
        : base(definition) => _settings = settings;

    /// <inheritdoc/>
    public override IEnumerable<string> SecretValues => _settings.NumberKey.TryReveal(out var key, out _) ? [key] : [];

    /// <inheritdoc/>
    public override ValueTask<FlowValue> TestAsync(FlowValue request, CancellationToken cancellationToken) =>
        new(FlowValue.From(Found.With(FlowValue.True, FlowValue.From(string.Join(" < ", _settings.Tiers.Select(tier => tier.Name))))));

    /// <summary>The best tier that a sum reaches; null for none.</summary>
    internal string? TierOf(decimal spent) => _settings.Tiers.LastOrDefault(tier => spent >= tier.From)?.Name;

    /// <summary>The number of a member.</summary>
    internal string NumberOf(string email) =>
        _settings.NumberKey.TryReveal(out var key, out _)
            ? Convert.ToHexStringLower(
                System.Security.Cryptography.HMACSHA256.HashData(
                    System.Text.Encoding.UTF8.GetBytes(key),
                    System.Text.Encoding.UTF8.GetBytes(email)
                )
            )[..12]
            : "";
}
