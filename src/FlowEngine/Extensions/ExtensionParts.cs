namespace FlowEngine.Extensions;

/// <summary>Per registration, single-threaded: collects what extensions add. The types of parts that there are, the host says.</summary>
public sealed class ExtensionParts
{
    private readonly Dictionary<Type, List<object>> _parts = [];
    private readonly Dictionary<Type, Func<object>> _offers = [];

    /// <summary>Adds a part.</summary>
    /// <typeparam name="TPart">What it is, such as <see cref="Activities.ActivityType"/> or <see cref="Connectors.ConnectorType"/>.</typeparam>
    /// <param name="part">The part.</param>
    /// <returns>The same, to go on.</returns>
    /// <exception cref="ArgumentException">The host has no place for such a part.</exception>
    public ExtensionParts Add<TPart>(TPart part)
        where TPart : class
    {
        ArgumentNullException.ThrowIfNull(part);
        if (!_parts.TryGetValue(typeof(TPart), out var list))
            throw new ArgumentException($"There is no place for a part of type {typeof(TPart).Name}.", nameof(part));
        list.Add(part);
        return this;
    }

    /// <summary>Something of the host's that parts are made with, such as the operator's rules for outgoing requests.</summary>
    /// <exception cref="ArgumentException">The host offers none.</exception>
    public TOffer Host<TOffer>()
        where TOffer : class =>
        _offers.TryGetValue(typeof(TOffer), out var offer)
            ? (TOffer)offer()
            : throw new ArgumentException($"The host offers no {typeof(TOffer).Name}.");

    /// <summary>Makes a place for parts of a type. Said by the host, before anything is registered.</summary>
    public ExtensionParts Taking<TPart>()
        where TPart : class
    {
        _parts.TryAdd(typeof(TPart), []);
        return this;
    }

    /// <summary>Offers something that parts are made with. Said by the host, before anything is registered.</summary>
    public ExtensionParts Offering<TOffer>(Func<TOffer> offer)
        where TOffer : class
    {
        _offers[typeof(TOffer)] = offer;
        return this;
    }

    /// <summary>The parts of a type, in the order in which they were added; none where there is no place for them.</summary>
    public IReadOnlyList<TPart> Of<TPart>()
        where TPart : class => _parts.TryGetValue(typeof(TPart), out var list) ? [.. list.Cast<TPart>()] : [];
}
