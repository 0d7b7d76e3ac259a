using System.Globalization;

namespace FlowEngine.Screens;

/// <summary>Bound once at compile time, then shared and immutable: a component that submits its screen, by an outcome that bears its
/// id.</summary>
public abstract record InteractionComponent : ScreenComponent
{
    /// <summary>The outcome, by which connections leave the screen; "" for none.</summary>
    public abstract string Id { get; init; }

    /// <summary>What is pressed; "" where the id stands for it.</summary>
    public abstract Templates.Template Text { get; init; }

    /// <summary>From when on it can be pressed, as an instant (ISO 8601); without a value always. Default without.</summary>
    public virtual Templates.Template EnabledAt { get; init; } = Templates.Template.Empty;

    /// <summary>Whether the first of its kind on a screen is what Enter in an input presses. Default false.</summary>
    public virtual bool TakesEnter => false;

    /// <summary>How many seconds it takes until it can be pressed, each begun one counted; 0 when it can.</summary>
    /// <param name="context">The values, and the clock.</param>
    internal int SecondsLeft(Templates.ReadContext context) => SecondsUntil(EnabledAt.Evaluate(context), context.Time);

    /// <inheritdoc cref="SecondsLeft(Templates.ReadContext)"/>
    /// <param name="instant">From when on. What is no instant is no reason to wait.</param>
    /// <param name="time">The clock.</param>
    internal static int SecondsUntil(Context.FlowValue instant, TimeProvider time) =>
        instant.TryGetText(out var text)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
        && at - time.GetUtcNow() is var left
        && left > TimeSpan.Zero
            ? (int)Math.Min(Math.Ceiling(left.TotalSeconds), int.MaxValue)
            : 0;
}
