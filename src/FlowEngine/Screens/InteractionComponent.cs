namespace FlowEngine.Screens;

/// <summary>Bound once at compile time, then shared and immutable: a component that submits its screen, by an outcome that bears its
/// id.</summary>
public abstract record InteractionComponent : ScreenComponent
{
    /// <summary>The outcome, by which connections leave the screen; "" for none.</summary>
    public abstract string Id { get; init; }

    /// <summary>What is pressed; "" where the id stands for it.</summary>
    public abstract Templates.Template Text { get; init; }

    /// <summary>Whether the first of its kind on a screen is what Enter in an input presses. Default false.</summary>
    public virtual bool TakesEnter => false;
}
