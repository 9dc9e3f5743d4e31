using System.Diagnostics.CodeAnalysis;

namespace SessionReplay;

/// <summary>Declares in an assembly which adapter it holds, so that configuration can choose it by name.</summary>
/// <param name="part">What it adapts: <c>Queue</c>, <c>Storage</c>, <c>Catalog</c> or <c>KeyManagement</c>.</param>
/// <param name="name">Its name in the configuration, for instance <c>S3</c>.</param>
/// <param name="adapterType">A type that implements <see cref="ISessionReplayAdapter"/> and has a parameterless constructor.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class SessionReplayAdapterAttribute(
    string part, string name, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] Type adapterType) : Attribute
{
    /// <summary>Gets what it adapts: <c>Queue</c>, <c>Storage</c>, <c>Catalog</c> or <c>KeyManagement</c>.</summary>
    public string Part { get; } = part;

    /// <summary>Gets its name in the configuration.</summary>
    public string Name { get; } = name;

    /// <summary>Gets the type that registers it.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)]
    public Type AdapterType { get; } = adapterType;
}
