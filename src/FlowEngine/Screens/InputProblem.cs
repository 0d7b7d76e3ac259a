using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Templates;

namespace FlowEngine.Screens;

/// <summary>Shared and immutable: what is wrong with one input, as data. Whoever shows it makes a sentence of it, in the language of whom
/// it is shown.</summary>
/// <param name="Name">The input's name.</param>
/// <param name="Code">The stable code; see <see cref="InputErrors"/> and <c>docs/errors.md</c>.</param>
/// <param name="Values">What the sentence names, such as a <c>count</c>. Never what was entered.</param>
public readonly record struct InputProblem(string Name, string Code, FlowObject Values)
{
    private static readonly FlowShape Shape = FlowShape.Of("name", "code", "values");

    /// <summary>Puts the values and the input's label into the sentence of a problem.</summary>
    /// <param name="sentence">The sentence, in any language.</param>
    /// <param name="label">What the input is called, in the same one.</param>
    public string Fill(string sentence, string label) => TextPlaces.Fill(sentence, Values.With("label", FlowValue.From(label)));

    /// <summary>The problem as <c>{ name, code, values }</c>.</summary>
    public FlowValue ToValue() => FlowValue.From(Shape.With(FlowValue.From(Name), FlowValue.From(Code), FlowValue.From(Values)));

    /// <summary>Several problems as an array; missing for none.</summary>
    public static FlowValue ToValue(IReadOnlyList<InputProblem> problems) =>
        problems.Count == 0 ? FlowValue.Missing : FlowValue.Array(problems.Select(problem => problem.ToValue()));

    /// <summary>Reads what <see cref="ToValue(IReadOnlyList{InputProblem})"/> wrote; anything else is none.</summary>
    public static IReadOnlyList<InputProblem> FromValue(FlowValue value)
    {
        if (!value.TryGetArray(out var items))
            return [];
        var problems = new List<InputProblem>(items.Count);
        foreach (var item in items)
        {
            if (item.Get("name").TryGetText(out var name) && item.Get("code").TryGetText(out var code))
                problems.Add(new InputProblem(name, code, item.Get("values").TryGetObject(out var values) ? values : FlowObject.Empty));
        }
        return problems;
    }
}
