using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>
/// What is known of the objects around the place that is read: of an object {name, value}, or of the attributes of an input, the value goes
/// when the name is sensitive, and either may stand first. The innermost levels are known; what is nested deeper between a value and its
/// name makes the value forgotten.
/// </summary>
internal struct NameValuePairs
{
    private const int Levels = 16;

    private PerLevel _pairs;

    /// <summary>An object begins whose members are at the depth.</summary>
    public void Begin(int depth) => _pairs[depth % Levels] = new() { Depth = depth };

    /// <summary>Gets the pair that the members at the depth make.</summary>
    [UnscopedRef]
    public ref Pair At(int depth)
    {
        ref var pair = ref _pairs[depth % Levels];
        if (pair.Depth != depth)
        {
            pair = new() { Depth = depth };
        }

        return ref pair;
    }

    internal struct Pair
    {
        public int Depth;
        public int Start;
        public int Length;
        public bool IsNumber;
        public bool IsSensitive;

        /// <summary>Remembers where the value stands that came before its name.</summary>
        public void Hold(int start, int length, bool isNumber) => (Start, Length, IsNumber) = (start, length, isNumber);
    }

    [InlineArray(Levels)]
    private struct PerLevel
    {
        private Pair _first;
    }
}
