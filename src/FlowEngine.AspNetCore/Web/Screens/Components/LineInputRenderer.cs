using System.Globalization;
using FlowEngine.Screens;

namespace FlowEngine.AspNetCore.Web.Screens.Components;

/// <summary>Stateless and shared: draws an input of one line.</summary>
public abstract class LineInputRenderer<T> : InputRenderer<T>
    where T : LineInput
{
    /// <summary>The type of the element <c>input</c>.</summary>
    protected virtual string InputType => "text";

    /// <summary>The classes of the element.</summary>
    protected virtual string Classes => "fe-input";

    /// <summary>Whether the browser keeps to the limits while somebody types. Default true.</summary>
    protected virtual bool LimitsTyping => true;

    /// <inheritdoc/>
    protected override Markup Control(ShownComponent component, ScreenPage screen, FieldParts field)
    {
        var hint = Markup.Attribute("placeholder", component.Text("placeholder"));
        var value = Markup.Attribute("value", component.IsSecret ? null : screen.ValueOf(component).ToText());
        var purpose = Purpose(component, screen);
        return Markup.Of($"""<input class="{Classes}" type="{InputType}"{field.Attributes}{purpose}{Limits(component)}{hint}{value}>""");
    }

    /// <summary>What the browser offers to fill in, and with which keyboard: attributes, with a blank before them.</summary>
    protected abstract Markup Purpose(ShownComponent component, ScreenPage screen);

    private Markup Limits(ShownComponent component)
    {
        if (!LimitsTyping)
            return Markup.Empty;
        var (least, most) = (component.Count("minLength"), component.Count("maxLength"));
        var (isLeast, isMost) = (least > 0, most is > 0 and < LineInput.MostCharacters);
        return Markup.Of($"{Limit("minlength", least, isLeast)}{Limit("maxlength", most, isMost)}");
    }

    private static Markup Limit(string name, int count, bool applies) =>
        Markup.Attribute(name, applies ? count.ToString(CultureInfo.InvariantCulture) : null);
}
