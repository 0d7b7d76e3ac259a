using FlowEngine.Screens;

namespace FlowEngine.Server.Screens.Components;

/// <summary>Stateless and shared: draws an input of one line.</summary>
public abstract class LineInputRenderer<T> : InputRenderer<T>
    where T : LineInput
{
    /// <summary>The type of the element <c>input</c>.</summary>
    protected virtual string InputType => "text";

    /// <summary>The classes of the element.</summary>
    protected virtual string Style => "fe-input";

    /// <summary>Whether the browser keeps to the limits while somebody types. Default true.</summary>
    protected virtual bool LimitsTyping => true;

    /// <inheritdoc/>
    protected override Markup Control(ShownComponent component, ScreenPage screen, FieldParts field) =>
        Markup.Of(
            $"""<input class="{Style}" type="{InputType}"{field.Attributes}{Purpose(component, screen)}{Limits(component)}{Markup.Attribute("placeholder", component.Text("placeholder"))}{Markup.Attribute("value", component.IsSecret ? null : screen.ValueOf(component).ToText())}>"""
        );

    /// <summary>What the browser offers to fill in, and with which keyboard: attributes, with a blank before them.</summary>
    protected abstract Markup Purpose(ShownComponent component, ScreenPage screen);

    private Markup Limits(ShownComponent component)
    {
        if (!LimitsTyping)
            return Markup.Empty;
        var (least, most) = (component.Count("minLength"), component.Count("maxLength"));
        return Markup.Of(
            $"{(least > 0 ? Markup.Of($" minlength=\"{least}\"") : Markup.Empty)}{(most is > 0 and < LineInput.MostCharacters ? Markup.Of($" maxlength=\"{most}\"") : Markup.Empty)}"
        );
    }
}
