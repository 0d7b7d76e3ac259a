namespace FlowEngine.Extensions;

/// <summary>What an extension can add. The engine's own types of parts implement it; others have no place anywhere.</summary>
public interface IExtensionPart
{
    /// <summary>What it is, for whoever operates the server, such as <c>activity LoyaltyTier</c>. No two parts are called alike. Null for
    /// what only belongs to another part.</summary>
    string? Brings { get; }
}

/// <summary>While the engine starts, single-threaded: collects what extensions add.</summary>
public sealed class ExtensionParts
{
    private readonly List<IExtensionPart> _parts = [];
    private readonly Dictionary<Type, Func<object>> _offers = [];

    /// <summary>All parts, in the order in which they were added.</summary>
    public IReadOnlyList<IExtensionPart> All => _parts;

    /// <summary>Adds a part: an <see cref="Activities.ActivityType"/>, a <see cref="Connectors.ConnectorType"/>, a
    /// <see cref="Screens.ComponentType"/> with what draws it, a kind of authentication.</summary>
    /// <returns>The same, to go on.</returns>
    public ExtensionParts Add(IExtensionPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        _parts.Add(part);
        return this;
    }

    /// <summary>Something of the host's that parts are made with, such as the operator's rules for outgoing requests.</summary>
    /// <exception cref="ArgumentException">The host offers none.</exception>
    public TOffer Host<TOffer>()
        where TOffer : class =>
        _offers.TryGetValue(typeof(TOffer), out var offer)
            ? (TOffer)offer()
            : throw new ArgumentException($"The host offers no {typeof(TOffer).Name}.");

    /// <summary>Offers something that parts are made with. Said by the host, before anything is registered.</summary>
    public ExtensionParts Offering<TOffer>(Func<TOffer> offer)
        where TOffer : class
    {
        _offers[typeof(TOffer)] = offer;
        return this;
    }

    /// <summary>The parts of a type, in the order in which they were added.</summary>
    public IReadOnlyList<TPart> Of<TPart>()
        where TPart : IExtensionPart => [.. _parts.OfType<TPart>()];
}
