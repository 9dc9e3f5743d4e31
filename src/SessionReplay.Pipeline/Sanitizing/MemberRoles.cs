namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>Reads the roles of members from their names.</summary>
internal static class MemberRoles
{
    /// <summary>Returns what a member's name says of its value.</summary>
    public static MemberRole Of(ReadOnlySpan<byte> name, SanitizePass pass)
    {
        var role = name.Length switch
        {
            1 => name[0] is (byte)'v' ? MemberRole.PairValue : MemberRole.Other,
            2 => name.SequenceEqual("id"u8) ? MemberRole.PairName : MemberRole.Other,
            3 => name.SequenceEqual("key"u8) ? MemberRole.PairName : name.SequenceEqual("val"u8) ? MemberRole.PairValue : MemberRole.Other,
            4 => name.SequenceEqual("name"u8) ? MemberRole.PairName
                : name.SequenceEqual("type"u8) ? MemberRole.PairType
                : MemberRole.Other,
            5 => name.SequenceEqual("value"u8) ? MemberRole.PairValue
                : name.SequenceEqual("field"u8) || name.SequenceEqual("label"u8) || name.SequenceEqual("param"u8)
                    ? MemberRole.PairName
                    : MemberRole.Other,
            6 => name.SequenceEqual("header"u8) ? MemberRole.PairName : MemberRole.Other,
            7 => name.SequenceEqual("content"u8) ? MemberRole.PairValue : MemberRole.Other,
            8 => name.SequenceEqual("property"u8) ? MemberRole.PairName
                : name.SequenceEqual("_cssText"u8) ? MemberRole.Css
                : MemberRole.Other,
            9 => name.SequenceEqual("parameter"u8) || name.SequenceEqual("attribute"u8) ? MemberRole.PairName : MemberRole.Other,
            12 => name.SequenceEqual("autocomplete"u8) ? MemberRole.PairAutocomplete : MemberRole.Other,
            _ => MemberRole.Other,
        };
        return role == MemberRole.Other && pass.IsSecretName(name) ? MemberRole.Sensitive : role;
    }

    /// <summary>Returns whether the value of a member makes the object's other value a secret.</summary>
    public static bool IsSecret(MemberRole role, ReadOnlySpan<byte> value, SanitizePass pass) => role switch
    {
        // --token is a property of CSS.
        MemberRole.PairName => !value.StartsWith("--"u8) && pass.IsSecretName(value),
        MemberRole.PairType => FieldHints.IsPasswordType(value),
        MemberRole.PairAutocomplete => FieldHints.IsSecretAutocomplete(value),
        _ => false,
    };
}
