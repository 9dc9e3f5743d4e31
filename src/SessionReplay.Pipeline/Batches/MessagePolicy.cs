using SessionReplay.Format;

namespace SessionReplay.Pipeline.Batches;

/// <summary>The policies of the fields of one message, by field number.</summary>
internal sealed class MessagePolicy
{
    private readonly FieldPolicy[] _fields;

    public MessagePolicy(params (FieldPolicy Policy, int[] Fields)[] policies)
    {
        _fields = new FieldPolicy[policies.Max(entry => entry.Fields.Max()) + 1];
        foreach (var (policy, fields) in policies)
        {
            foreach (var field in fields)
            {
                _fields[field] = policy;
            }
        }
    }

    /// <summary>Gets the policy of the field that a reader stands on.</summary>
    public FieldPolicy Of(in WireReader reader) =>
        reader.WireType == WireReader.Bytes ? Of(reader.Field) : FieldPolicy.Unknown;

    /// <summary>Gets the policy of a field.</summary>
    public FieldPolicy Of(int field) => (uint)field < (uint)_fields.Length ? _fields[field] : FieldPolicy.Unknown;
}
