using System.Reflection;
using FlowEngine.Context;

namespace FlowEngine.Settings;

/// <summary>Shared and immutable: one of the values that a setting of kind <see cref="SettingKind.Choice"/> takes.</summary>
/// <param name="Value">How it is written.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Description">What it does.</param>
public sealed record SettingOption(FlowValue Value, string Label, string Description)
{
    /// <summary>The member of the enum that it stands for.</summary>
    internal object? Member { get; init; }

    /// <summary>The options of an enum whose members have a <see cref="SettingOptionAttribute"/>; none for any other type.</summary>
    internal static IReadOnlyList<SettingOption> Of(Type type) =>
        !type.IsEnum
            ? []
            :
            [
                .. type.GetFields(BindingFlags.Public | BindingFlags.Static)
                    .Select(field => (field, option: field.GetCustomAttribute<SettingOptionAttribute>()))
                    .Where(pair => pair.option is not null)
                    .Select(pair => new SettingOption(FlowValue.Parse(pair.option!.Json), pair.option.Label, pair.option.Description)
                    {
                        Member = pair.field.GetValue(null)!,
                    }),
            ];
}
