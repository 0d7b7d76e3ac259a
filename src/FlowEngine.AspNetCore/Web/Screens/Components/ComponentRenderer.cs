using FlowEngine.Extensions;
using FlowEngine.Screens;

namespace FlowEngine.AspNetCore.Web.Screens.Components;

/// <summary>Stateless and shared: draws one type of component, on hosted pages, in the console's preview and in the web component
/// alike.</summary>
public abstract class ComponentRenderer : IExtensionPart
{
    /// <inheritdoc/>
    public string? Brings => null;

    /// <summary>The record that it draws.</summary>
    public abstract Type Record { get; }

    /// <summary>The rules of its style sheet, for classes of its own: they are loaded behind those of the engine, on pages and in the web
    /// component. Default "": the classes of the engine are enough.</summary>
    public virtual string Styles => "";

    /// <summary>The component as HTML. What it says is escaped by <see cref="Markup"/>.</summary>
    /// <param name="component">The component as its record shows it, translated.</param>
    /// <param name="screen">The screen that it stands on.</param>
    public abstract Markup Render(ShownComponent component, ScreenPage screen);
}

/// <summary>Stateless and shared: draws the component <typeparamref name="T"/>. A composition root registers it beside the
/// component.</summary>
public abstract class ComponentRenderer<T> : ComponentRenderer
    where T : ScreenComponent
{
    /// <inheritdoc/>
    public sealed override Type Record => typeof(T);
}
