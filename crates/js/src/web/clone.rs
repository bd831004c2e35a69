//! `structuredClone`: HTML §2.7. First the value is read into records, in the standard's order and without recursion, so
//! that a deep value costs no stack; then what is transferred is taken; then the copy is built from the records.

use std::collections::HashMap;

use rquickjs::{
    Array, Atom, Class, Coerced, Ctx, Exception, Filter, FromJs as _, Function, JsIterator, Object,
    Result, Value, function::This, object::Property,
};

use super::{
    blob::Blob,
    clone_leaf::{call, constructor, error, interface, interface_prototype, keep_stack, wrapper},
    kind::{Kind, Kinds},
    lazy,
    opaque::{Opaque, argument, dictionary, native, require},
};
use crate::{
    interop::bytes::{Container, array_buffer, container, with_bytes, with_bytes_mut},
    runtime::call::Call,
    runtime::{builtins::throw_dom, late, native::instance},
};

pub(super) fn make(ctx: &Ctx<'_>) -> Result<()> {
    let kinds = lazy::host(ctx)?.kinds;
    let clone = native(ctx, "structuredClone", 1, move |params| structured_clone(&params, kinds))?;
    late::publish(ctx, "structuredClone", clone.into_value())
}

fn structured_clone<'js>(params: &Call<'_, 'js>, kinds: Kinds) -> Result<Value<'js>> {
    let ctx = params.ctx();
    require(params, 1)?;
    let transfer = transfer_list(ctx, &argument(params, 1))?;
    let has_own = interface(ctx, "Object")?.get("hasOwn")?;
    let (records, seen, open) = (Vec::new(), HashMap::new(), Vec::new());
    let mut reader = Reader { ctx, kinds, transfer: &transfer, records, has_own, seen, open };
    let root = reader.read(argument(params, 0))?;
    let records = reader.records;
    let mut transferred = Vec::with_capacity(transfer.len());
    for buffer in &transfer {
        let buffer = buffer.as_object().ok_or(rquickjs::Error::Unknown)?;
        let take: Function<'js> = buffer.get("transfer")?;
        transferred.push(take.call::<_, Value<'js>>((This(buffer.clone()),))?);
    }
    build(ctx, &records, &transferred, root)
}

/// HTML "StructuredSerializeWithTransfer", steps 1 and 2: what is to be moved must be movable, and named once.
fn transfer_list<'js>(ctx: &Ctx<'js>, options: &Value<'js>) -> Result<Vec<Value<'js>>> {
    let Some(options) = dictionary(ctx, options)? else { return Ok(Vec::new()) };
    let list: Value<'js> = options.get("transfer")?;
    if list.is_undefined() {
        return Ok(Vec::new());
    }
    if !list.is_object() {
        return Err(Exception::throw_type(ctx, "transfer is not iterable"));
    }
    let mut transfer = Vec::new();
    for value in JsIterator::<Value<'js>>::from_js(ctx, list)? {
        let value = value?;
        if !value.is_object() {
            return Err(Exception::throw_type(ctx, "a value to transfer is not an object"));
        }
        transfer.push(value);
    }
    for (index, value) in transfer.iter().enumerate() {
        if container(value) != Some(Container::Buffer) || with_bytes(value, |_| ()).is_err() {
            return Err(refuse(ctx, "a value to transfer is not an ArrayBuffer, or is detached"));
        }
        if transfer[..index].contains(value) {
            return Err(refuse(ctx, "a value is to be transferred twice"));
        }
    }
    Ok(transfer)
}

pub(super) fn refuse(ctx: &Ctx<'_>, message: &str) -> rquickjs::Error {
    throw_dom(ctx, "DataCloneError", message)
}

/// Where a record is in the list.
type Id = usize;

/// One value, read.
enum Record<'js> {
    /// A primitive, or the finished copy of what contains no other value.
    Made(Value<'js>),
    /// The buffer at this place of the transfer list.
    Transferred(usize),
    /// A view: its constructor, buffer, offset, and length in elements.
    View {
        class: String,
        buffer: Id,
        offset: f64,
        length: f64,
    },
    Map(Vec<Id>),
    Set(Vec<Id>),
    Array {
        length: f64,
        members: Vec<(Atom<'js>, Id)>,
    },
    Object(Vec<(Atom<'js>, Id)>),
    /// The copy of an error, and its `cause`.
    Error(Value<'js>, Option<Id>),
}

/// An object whose members are being read.
struct Open<'js> {
    record: Id,
    source: Object<'js>,
    todo: std::vec::IntoIter<Todo<'js>>,
}

/// What to read next of an open object.
enum Todo<'js> {
    /// An own property, if it is still there.
    Member(Atom<'js>),
    /// A key, a value or an element of a collection.
    Element(Value<'js>),
}

struct Reader<'a, 'js> {
    ctx: &'a Ctx<'js>,
    kinds: Kinds,
    transfer: &'a [Value<'js>],
    records: Vec<Record<'js>>,
    /// `Object.hasOwn`.
    has_own: Function<'js>,
    seen: HashMap<Value<'js>, Id>,
    /// From the root to where we are.
    open: Vec<Open<'js>>,
}

impl<'js> Reader<'_, 'js> {
    /// HTML "StructuredSerializeInternal", with a stack of our own.
    fn read(&mut self, value: Value<'js>) -> Result<Id> {
        let root = self.begin(value)?;
        while let Some(open) = self.open.last_mut() {
            let record = open.record;
            let Some(todo) = open.todo.next() else {
                self.open.pop();
                continue;
            };
            match todo {
                Todo::Element(value) => {
                    let id = self.begin(value)?;
                    if let Record::Map(elements) | Record::Set(elements) = &mut self.records[record]
                    {
                        elements.push(id);
                    }
                }
                Todo::Member(key) => {
                    let source = open.source.clone();
                    if !self.has_own.call::<_, bool>((source.clone(), key.to_value()?))? {
                        continue;
                    }
                    let value = source.get(key.clone())?;
                    let id = self.begin(value)?;
                    match &mut self.records[record] {
                        Record::Array { members, .. } | Record::Object(members) => {
                            members.push((key, id));
                        }
                        Record::Error(_, cause) => *cause = Some(id),
                        _ => {}
                    }
                }
            }
        }
        Ok(root)
    }

    /// Makes the record of a value; if it contains others, opens it.
    fn begin(&mut self, value: Value<'js>) -> Result<Id> {
        if value.is_symbol() {
            return Err(refuse(self.ctx, "a symbol cannot be cloned"));
        }
        let Some(object) = value.as_object().cloned() else {
            return Ok(self.add(Record::Made(value)));
        };
        if let Some(id) = self.seen.get(&value) {
            return Ok(*id);
        }
        let id = match container(&value) {
            Some(Container::Buffer) => self.buffer(&object)?,
            Some(_) => self.view(&object)?,
            None => self.object(&object)?,
        };
        self.seen.insert(value, id);
        Ok(id)
    }

    fn add(&mut self, record: Record<'js>) -> Id {
        self.records.push(record);
        self.records.len() - 1
    }

    fn buffer(&mut self, buffer: &Object<'js>) -> Result<Id> {
        if let Some(index) = self.transfer.iter().position(|value| value == buffer.as_value()) {
            return Ok(self.add(Record::Transferred(index)));
        }
        let bytes = with_bytes(buffer.as_value(), <[u8]>::to_vec)
            .map_err(|_| refuse(self.ctx, "the ArrayBuffer is detached"))?;
        let copy = if buffer.get::<_, Coerced<bool>>("resizable")?.0 {
            let options = Object::new(self.ctx.clone())?;
            options.set("maxByteLength", buffer.get::<_, Value<'js>>("maxByteLength")?)?;
            let copy: Value<'js> =
                constructor(self.ctx, "ArrayBuffer")?.construct((bytes.len() as f64, options))?;
            with_bytes_mut(&copy, |copy| copy.copy_from_slice(&bytes))
                .map_err(|error| error.throw(self.ctx))?;
            copy
        } else {
            array_buffer(self.ctx, bytes.clone())?.into_value()
        };
        Ok(self.add(Record::Made(copy)))
    }

    fn view(&mut self, view: &Object<'js>) -> Result<Id> {
        if with_bytes(view.as_value(), |_| ()).is_err() {
            return Err(refuse(
                self.ctx,
                "the view's ArrayBuffer is detached, or too small for it",
            ));
        }
        let class = match container(view.as_value()) {
            Some(Container::DataView) => "DataView".to_owned(),
            _ => view.get(rquickjs::atom::PredefinedAtom::SymbolToStringTag)?,
        };
        let length = if class == "DataView" { "byteLength" } else { "length" };
        let length = view.get(length)?;
        let offset = view.get("byteOffset")?;
        let buffer: Value<'js> = view.get("buffer")?;
        if container(&buffer) != Some(Container::Buffer) {
            return Err(refuse(self.ctx, "a view of a SharedArrayBuffer cannot be cloned"));
        }
        let buffer = self.begin(buffer)?;
        Ok(self.add(Record::View { class, buffer, offset, length }))
    }

    fn object(&mut self, object: &Object<'js>) -> Result<Id> {
        let ctx = self.ctx;
        match self.kinds.of(object) {
            Kind::Plain => {
                let id = self.add(Record::Object(Vec::new()));
                self.open(id, object, members(object)?);
                Ok(id)
            }
            Kind::Array => {
                let id =
                    self.add(Record::Array { length: object.get("length")?, members: Vec::new() });
                self.open(id, object, members(object)?);
                Ok(id)
            }
            Kind::Map => {
                let mut elements = Vec::new();
                for pair in call::<JsIterator<'js, Array<'js>>>(ctx, "Map", "entries", object)? {
                    let pair = pair?;
                    elements.push(Todo::Element(pair.get(0)?));
                    elements.push(Todo::Element(pair.get(1)?));
                }
                let id = self.add(Record::Map(Vec::new()));
                self.open(id, object, elements);
                Ok(id)
            }
            Kind::Set => {
                let elements: Result<Vec<_>> =
                    call::<JsIterator<'js, Value<'js>>>(ctx, "Set", "values", object)?
                        .map(|element| element.map(Todo::Element))
                        .collect();
                let id = self.add(Record::Set(Vec::new()));
                self.open(id, object, elements?);
                Ok(id)
            }
            Kind::Date => {
                let time: f64 = call(ctx, "Date", "getTime", object)?;
                let copy = constructor(ctx, "Date")?.construct((time,))?;
                Ok(self.add(Record::Made(copy)))
            }
            Kind::RegExp => {
                let (source, flags): (Value<'js>, Value<'js>) =
                    (object.get("source")?, object.get("flags")?);
                let copy = constructor(ctx, "RegExp")?.construct((source, flags))?;
                Ok(self.add(Record::Made(copy)))
            }
            Kind::Wrapper => {
                let copy = wrapper(ctx, object)?;
                Ok(self.add(Record::Made(copy)))
            }
            Kind::Error => {
                let copy = error(ctx, object)?;
                let id = self.add(Record::Error(copy, None));
                // The standard leaves to us what else of an error is worth taking along.
                self.open(id, object, vec![Todo::Member(Atom::from_str(ctx.clone(), "cause")?)]);
                Ok(id)
            }
            Kind::DomException => {
                let (message, name): (Value<'js>, Value<'js>) =
                    (object.get("message")?, object.get("name")?);
                let copy: Object<'js> =
                    constructor(ctx, "DOMException")?.construct((message, name))?;
                keep_stack(object, &copy)?;
                Ok(self.add(Record::Made(copy.into_value())))
            }
            Kind::Other => match Class::<Opaque<Blob>>::from_object(object) {
                Some(blob) => {
                    let copy = blob.borrow().0.clone();
                    let copy = instance(ctx, Opaque(copy))?;
                    // A `File` stays one.
                    copy.set_prototype(
                        interface_prototype(ctx, blob.borrow().0.interface())?.as_ref(),
                    )?;
                    Ok(self.add(Record::Made(copy.into_value())))
                }
                None => Err(refuse(
                    ctx,
                    "a function, a proxy or an object with hidden state cannot be cloned",
                )),
            },
        }
    }

    fn open(&mut self, record: Id, source: &Object<'js>, todo: Vec<Todo<'js>>) {
        self.open.push(Open { record, source: source.clone(), todo: todo.into_iter() });
    }
}

fn members<'js>(object: &Object<'js>) -> Result<Vec<Todo<'js>>> {
    object
        .own_keys::<Atom<'js>>(Filter::new().string().enum_only())
        .map(|key| key.map(Todo::Member))
        .collect()
}

/// HTML "StructuredDeserialize".
fn build<'js>(
    ctx: &Ctx<'js>,
    records: &[Record<'js>],
    transferred: &[Value<'js>],
    root: Id,
) -> Result<Value<'js>> {
    let mut made: Vec<Value<'js>> = Vec::with_capacity(records.len());
    for record in records {
        made.push(match record {
            Record::Made(value) | Record::Error(value, _) => value.clone(),
            Record::Transferred(index) => transferred[*index].clone(),
            // Its buffer's record came before.
            Record::View { class, buffer, offset, length } => {
                constructor(ctx, class)?.construct((made[*buffer].clone(), *offset, *length))?
            }
            Record::Map(_) => constructor(ctx, "Map")?.construct(())?,
            Record::Set(_) => constructor(ctx, "Set")?.construct(())?,
            Record::Array { length, .. } => {
                let array = Array::new(ctx.clone())?;
                array.as_object().set("length", *length)?;
                array.into_value()
            }
            Record::Object(_) => Object::new(ctx.clone())?.into_value(),
        });
    }
    for (record, value) in records.iter().zip(&made) {
        let Some(object) = value.as_object() else { continue };
        match record {
            Record::Made(_)
            | Record::Transferred(_)
            | Record::View { .. }
            | Record::Error(_, None) => {}
            Record::Error(_, Some(cause)) => {
                let cause = Property::from(made[*cause].clone()).writable().configurable();
                object.prop("cause", cause)?;
            }
            Record::Map(elements) => {
                let set: Function<'js> =
                    interface_prototype(ctx, "Map")?.ok_or(rquickjs::Error::Unknown)?.get("set")?;
                for pair in elements.chunks_exact(2) {
                    set.call::<_, ()>((
                        This(object.clone()),
                        made[pair[0]].clone(),
                        made[pair[1]].clone(),
                    ))?;
                }
            }
            Record::Set(elements) => {
                let add: Function<'js> =
                    interface_prototype(ctx, "Set")?.ok_or(rquickjs::Error::Unknown)?.get("add")?;
                for element in elements {
                    add.call::<_, ()>((This(object.clone()), made[*element].clone()))?;
                }
            }
            Record::Array { members, .. } | Record::Object(members) => {
                for (key, id) in members {
                    let member =
                        Property::from(made[*id].clone()).writable().enumerable().configurable();
                    object.prop(key.clone(), member)?;
                }
            }
        }
    }
    Ok(made[root].clone())
}
