using FlowEngine.Context;
using FlowEngine.Screens;

namespace FlowEngine.AspNetCore.Web.Screens.Components;

/// <summary>Shared and immutable: a component as it is shown, with its templates as texts.</summary>
/// <param name="Type">What it is.</param>
/// <param name="View">Its members, as its record sets them.</param>
public sealed record ShownComponent(ComponentType Type, FlowValue View)
{
    /// <summary>What stands in it, drawn; empty for what holds nothing.</summary>
    public Markup Inner { get; init; }

    /// <summary>The name of an input; "" for what is none.</summary>
    public string Name => Text("name");

    /// <summary>The label of an input; "" for none.</summary>
    public string Label => Text("label");

    /// <summary>Whether what is entered is a secret, so that its value is never written.</summary>
    public bool IsSecret => Is("sensitive");

    /// <summary>A member as text; "" for none.</summary>
    public string Text(string member) => View.Get(member).ToText();

    /// <summary>The first of two members that says something; "" for none.</summary>
    public string Text(string member, string otherwise) => Text(member) is { Length: > 0 } text ? text : Text(otherwise);

    /// <summary>Whether a member is true.</summary>
    public bool Is(string member) => View.Get(member) == FlowValue.True;

    /// <summary>A whole number between limits; 0 for none.</summary>
    public int Count(string member) =>
        View.Get(member).TryGetInteger(out var number) && number is > 0 and <= int.MaxValue ? (int)number : 0;

    /// <summary>The items of a member; empty for anything but an array.</summary>
    public FlowArray Items(string member) => View.Get(member).TryGetArray(out var items) ? items : FlowArray.Empty;
}
