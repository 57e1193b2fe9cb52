import {registry} from "@web/core/registry";
import {formatMonetary} from "@web/views/fields/formatters";
import {X2ManyField, x2ManyField} from "@web/views/fields/x2many/x2many_field";
import {ListRenderer} from "@web/views/list/list_renderer";

/* The lines of a budget, a row above each class with its totals: they follow what is being typed. */
export class BudgetLinesRenderer extends ListRenderer {
    static rowsTemplate = "pope_crm.BudgetLines.Rows";

    /* The class whose first line this record is; nothing for its other lines, or for a line of no class. */
    beginning(record) {
        const parent = record.data.parent_id;
        return parent && this.linesOf(parent)[0].id === record.id ? parent : null;
    }

    linesOf(parent) {
        return this.props.list.records.filter(
            (record) => record.data.parent_id && record.data.parent_id.id === parent.id
        );
    }

    classCells(parent) {
        const lines = this.linesOf(parent);
        let isNamed = false;
        return this.columns.map((column) => {
            if (column.fieldType === "monetary") {
                const total = lines.reduce((sum, record) => sum + (record.data[column.name] || 0), 0);
                const currencyId = lines[0].data.currency_id.id;
                return {id: column.id, text: formatMonetary(total, {currencyId}), isAmount: true};
            }
            const text = column.name === "line_id" && !isNamed ? lines[0].data.class_name : "";
            isNamed = isNamed || Boolean(text);
            return {id: column.id, text, isAmount: false};
        });
    }
}

export class BudgetLinesField extends X2ManyField {
    static components = {...X2ManyField.components, ListRenderer: BudgetLinesRenderer};
}

registry.category("fields").add("pope_budget_lines", {...x2ManyField, component: BudgetLinesField});
