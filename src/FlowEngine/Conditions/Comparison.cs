using FlowEngine.Context;

namespace FlowEngine.Conditions;

/// <summary>Shared and immutable: an operator with the value it compares
/// with; says whether it holds for the value at a rule's key.</summary>
internal delegate bool Comparison(in FlowValue value);

/// <summary>Shared and immutable: an operator of SPEC 5.</summary>
/// <param name="Name">Its name in flow files.</param>
/// <param name="TakesValue">Whether it compares with a value.</param>
/// <param name="Prepare">Makes a comparison with a value: once when the value is literal, else at each execution.</param>
internal sealed record Operator(string Name, bool TakesValue, Func<FlowValue, Comparison> Prepare);
